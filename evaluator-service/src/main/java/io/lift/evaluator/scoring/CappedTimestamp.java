package io.lift.evaluator.scoring;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * The record's timestamp, kept between 0 and now: one client with a wrong clock must not carry
 * event time into the future, where everything else would count as forgotten.
 */
public final class CappedTimestamp implements TimestampExtractor {
  @Override
  public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
    return Math.max(0, Math.min(record.timestamp(), System.currentTimeMillis()));
  }
}
