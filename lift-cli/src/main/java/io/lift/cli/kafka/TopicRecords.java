package io.lift.cli.kafka;

import io.lift.kafka.KafkaAccess;
import io.lift.kafka.KafkaClients;
import io.lift.kafka.RequiredAcl;
import io.lift.messages.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/** Reads the committed records of a topic from its first one on. Not thread-safe. */
public final class TopicRecords implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Consumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;

  public TopicRecords(ConnectionSettings kafka, Topic<?> topic) {
    KafkaAccess.open(kafka.client(), List.of(topic), List.of(RequiredAcl.read(topic)));
    consumer = KafkaClients.reader(kafka.client(), Map.of());
    partitions =
        consumer.partitionsFor(topic.name()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Reads all records that are there now, in the order of each partition. */
  public void readToEnd(java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> reader) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      poll().forEach(reader);
    }
  }

  /** The next records; none if none come for a moment. */
  public ConsumerRecords<byte[], byte[]> poll() {
    return consumer.poll(POLL);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
