package io.lift.kafka;

import io.lift.broker.TestKafka;
import io.lift.messages.HeaderValues;
import io.lift.messages.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** One broker for all tests of this JVM; it ends with the JVM. */
final class TestBroker {
  private static final TestKafka BROKER = start();

  private TestBroker() {}

  static Map<String, Object> kafka() {
    return Map.of("bootstrap.servers", BROKER.bootstrap());
  }

  static <V> Topic<V> topic(String name, Class<V> type, int partitions) {
    Topic<V> topic = new Topic<>(name, type, partitions, Map.of());
    TopicAdmin.ensure(kafka(), List.of(topic));
    return topic;
  }

  static KafkaProducer<byte[], byte[]> transactional(String id) {
    var producer = KafkaClients.producer(kafka(), Map.of("transactional.id", id));
    producer.initTransactions();
    return producer;
  }

  static ProducerRecord<byte[], byte[]> record(Topic<?> topic, String key, String value) {
    return new ProducerRecord<>(
        topic.name(), HeaderValues.bytes(key), value == null ? null : HeaderValues.bytes(value));
  }

  static void send(Topic<?> topic, String key, String value) throws Exception {
    try (var producer = KafkaClients.producer(kafka(), Map.of())) {
      producer.send(record(topic, key, value)).get();
    }
  }

  /** Reads committed records from the beginning until there are enough of them. */
  static List<ConsumerRecord<byte[], byte[]>> read(
      Topic<?> topic, Predicate<List<ConsumerRecord<byte[], byte[]>>> enough) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    try (var consumer = KafkaClients.reader(kafka(), Map.of())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic.name()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (!enough.test(records)) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError(records.size() + " records of " + topic.name() + " only");
        }
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
      // whatever is committed beyond that shows up too
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }

  private static TestKafka start() {
    try {
      return TestKafka.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
