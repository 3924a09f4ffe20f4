package io.lift.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** Reads a sample of a topic: its oldest records. */
public final class TopicSample {
  private static final Duration POLL = Duration.ofMillis(200);

  private TopicSample() {}

  /**
   * Whether there is a topic of that name.
   *
   * @param kafka client settings, at least {@code bootstrap.servers}
   */
  public static boolean exists(Map<String, Object> kafka, String topic) {
    try (Consumer<byte[], byte[]> consumer = KafkaClients.reader(kafka, Map.of())) {
      return consumer.listTopics().containsKey(topic);
    }
  }

  /**
   * Reads the oldest committed records of all partitions together.
   *
   * @param kafka client settings, at least {@code bootstrap.servers}
   * @param count how many at most
   * @return by timestamp, then partition, then offset; empty if the topic does not exist
   */
  public static List<ConsumerRecord<byte[], byte[]>> read(
      Map<String, Object> kafka, String topic, int count) {
    return read(kafka, topic, count, Long.MAX_VALUE);
  }

  /**
   * The same, up to a number of bytes.
   *
   * @param maxBytes where to stop: the size of all values read, which is exceeded by one record at
   *     most
   */
  public static List<ConsumerRecord<byte[], byte[]>> read(
      Map<String, Object> kafka, String topic, int count, long maxBytes) {
    long bytes = 0;
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (Consumer<byte[], byte[]> consumer = KafkaClients.reader(kafka, Map.of())) {
      List<PartitionInfo> infos = consumer.listTopics().getOrDefault(topic, List.of());
      List<TopicPartition> partitions =
          infos.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      Map<TopicPartition, Integer> counts = new HashMap<>();
      while (!consumer.assignment().isEmpty() && bytes < maxBytes) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          TopicPartition partition = new TopicPartition(topic, record.partition());
          if (bytes < maxBytes && counts.merge(partition, 1, Integer::sum) <= count) {
            records.add(record);
            bytes += Math.max(0, record.serializedValueSize());
          }
        }
        consumer.assign(
            consumer.assignment().stream()
                .filter(partition -> counts.getOrDefault(partition, 0) < count)
                .filter(partition -> consumer.position(partition) < ends.get(partition))
                .toList());
      }
    }
    return records.stream()
        .sorted(
            Comparator.<ConsumerRecord<byte[], byte[]>>comparingLong(ConsumerRecord::timestamp)
                .thenComparingInt(ConsumerRecord::partition)
                .thenComparingLong(ConsumerRecord::offset))
        .limit(count)
        .toList();
  }
}
