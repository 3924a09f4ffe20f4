package io.lift.kafka;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Records whose outputs the broker did not take, until they are committed as dead letters.
 * Thread-safe: a producer's thread may add them.
 */
public final class RefusedRecords {
  private record Place(TopicPartition partition, long offset) {
    static Place of(ConsumerRecord<?, ?> record) {
      return new Place(new TopicPartition(record.topic(), record.partition()), record.offset());
    }
  }

  private final Map<Place, String> reasons = new ConcurrentHashMap<>();

  /**
   * @param record as it was read
   * @param failure what the broker, or the producer itself, said of its outputs
   */
  public void add(ConsumerRecord<byte[], byte[]> record, Exception failure) {
    reasons.put(
        Place.of(record),
        "Kafka did not take what the record leads to: "
            + RecordBatches.rootOf(failure).getMessage());
  }

  /** Why a record cannot be used, in one sentence; empty if nothing is known against it. */
  public Optional<String> why(ConsumerRecord<byte[], byte[]> record) {
    return Optional.ofNullable(reasons.get(Place.of(record)));
  }

  /** A batch is committed, with the dead letters of what was refused. */
  public void clear() {
    reasons.clear();
  }
}
