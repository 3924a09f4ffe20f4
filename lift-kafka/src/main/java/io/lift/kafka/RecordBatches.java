package io.lift.kafka;

import io.lift.messages.RecordSize;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.SerializationException;

/** Divides a batch that fails, until the one record that makes it fail is found. */
final class RecordBatches {
  private RecordBatches() {}

  /**
   * Whether a batch fails because of what is in it, so that the rest of it would not: the broker
   * rejects a record, or the handler has failed by itself. Connections, rights, lost partitions and
   * interrupts are no record's fault.
   */
  static boolean isRecordsFault(Exception failure) {
    boolean kafkas = false;
    if (RecordSize.isTooLarge(failure)) {
      return true;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidTimestampException
          || cause instanceof SerializationException
          || cause instanceof org.apache.kafka.common.InvalidRecordException) {
        return true;
      }
      kafkas |= cause instanceof KafkaException;
    }
    return failure instanceof RuntimeException && !kafkas;
  }

  /** The innermost failure that Kafka names; the failure itself if there is none. */
  static Exception rootOf(Exception failure) {
    Exception root = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      root = cause instanceof KafkaException named ? named : root;
    }
    return root;
  }

  /**
   * Two batches that have the records of one, in the same order within a partition. The offsets
   * that follow the first are those of its last records.
   *
   * @param batch at least two records
   */
  static List<ConsumerRecords<byte[], byte[]>> halves(ConsumerRecords<byte[], byte[]> batch) {
    int left = batch.count() / 2;
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> first = new HashMap<>();
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> second = new HashMap<>();
    Map<TopicPartition, OffsetAndMetadata> firstNext = new HashMap<>();
    Map<TopicPartition, OffsetAndMetadata> secondNext = new HashMap<>(batch.nextOffsets());
    for (TopicPartition partition : batch.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> records = batch.records(partition);
      int taken = Math.min(left, records.size());
      left -= taken;
      if (taken > 0) {
        first.put(partition, records.subList(0, taken));
      }
      if (taken == records.size()) {
        firstNext.put(partition, secondNext.remove(partition));
      } else {
        second.put(partition, records.subList(taken, records.size()));
        if (taken > 0) {
          firstNext.put(partition, after(records.get(taken - 1)));
        }
      }
    }
    return List.of(
        new ConsumerRecords<>(first, firstNext), new ConsumerRecords<>(second, secondNext));
  }

  private static OffsetAndMetadata after(ConsumerRecord<byte[], byte[]> record) {
    return new OffsetAndMetadata(record.offset() + 1, record.leaderEpoch(), "");
  }
}
