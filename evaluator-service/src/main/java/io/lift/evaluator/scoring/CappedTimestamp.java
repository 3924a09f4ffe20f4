package io.lift.evaluator.scoring;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * The record's timestamp, limited to the time between 0 and now. Otherwise one client with a wrong
 * clock would move event time into the future, and all other rows would count as expired.
 */
public final class CappedTimestamp implements TimestampExtractor {
  @Override
  public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
    return Math.max(0, Math.min(record.timestamp(), System.currentTimeMillis()));
  }
}
