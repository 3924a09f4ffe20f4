package io.lift.serializer;

import static io.lift.messages.HeaderValues.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.task.TaskSpec;
import io.lift.kafka.KafkaClients;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import io.lift.testing.TopicClient;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The whole service on a real broker, and what goes in and comes out. */
abstract class SerializerFixture {
  static final Topics TOPICS = Topics.of("");
  static final Duration LIMIT = Duration.ofSeconds(60);
  static final String ROW = "{\"age\":50,\"car\":\"vw\",\"approved\":\"yes\"}";

  @Inject KafkaConnection kafka;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrap;

  KafkaProducer<byte[], byte[]> producer() {
    return KafkaClients.producer(kafka.settings(), Map.of());
  }

  static ProducerRecord<byte[], byte[]> task(TaskSpec task) {
    return new ProducerRecord<>(TOPICS.tasks().name(), bytes(task.name()), Json.write(task));
  }

  static ProducerRecord<byte[], byte[]> row(
      String task, String id, String value, Map<String, String> headers) {
    var record = raw(task, bytes(id), bytes(value));
    headers.forEach((name, text) -> HeaderValues.add(record.headers(), name, text));
    return record;
  }

  static ProducerRecord<byte[], byte[]> raw(String task, byte[] key, byte[] value) {
    var record = new ProducerRecord<>(TOPICS.rows().name(), key, value);
    HeaderValues.add(record.headers(), Headers.TASK, task);
    return record;
  }

  static String text(byte[] bytes) {
    return bytes == null ? "" : HeaderValues.text(bytes);
  }

  /** The matching committed records of a topic, exactly {@code count}. */
  List<ConsumerRecord<byte[], byte[]>> read(
      Topic<?> topic, Predicate<ConsumerRecord<byte[], byte[]>> matching, int count) {
    try (TopicClient client = new TopicClient(bootstrap)) {
      List<ConsumerRecord<byte[], byte[]>> records = client.read(topic, count, matching);
      assertThat(records).hasSize(count);
      return records;
    }
  }
}
