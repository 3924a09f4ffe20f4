package io.lift.messages;

/**
 * Where a row came from.
 *
 * @param topic source topic
 * @param partition source partition
 * @param offset source offset
 * @param timestamp the record's timestamp, epoch milliseconds
 */
public record Origin(String topic, int partition, long offset, long timestamp) {}
