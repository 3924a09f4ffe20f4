package io.lift.cli.kafka;

import io.lift.kafka.GroupProtocol;
import io.lift.kafka.KafkaAccess;
import io.lift.kafka.RequiredAcl;
import io.lift.messages.GeneratedMessage;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.PredictionMessage;
import io.lift.messages.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads committed records of one topic from where it ended when this reader was made: the answers
 * to later requests. Not thread-safe.
 *
 * @param <V> type of the values
 */
public final class TopicTail<V> implements AutoCloseable {

  /**
   * A record that belongs to a request of ours.
   *
   * @param correlation the request's correlation id; null if it had none
   * @param key the record's key
   * @param value its value
   * @param headers all headers as text
   */
  public record Received<V>(String correlation, String key, V value, Map<String, String> headers) {}

  private final KafkaConsumer<String, byte[]> consumer;
  private final Class<V> type;
  private final String task;
  private final String taskHeader;

  private TopicTail(ConnectionSettings kafka, Topic<V> topic, String task, String taskHeader) {
    KafkaAccess.open(kafka.client(), List.of(), List.of(RequiredAcl.read(topic)));
    this.type = topic.valueType();
    this.task = task;
    this.taskHeader = taskHeader;
    Map<String, Object> settings = GroupProtocol.ungrouped(kafka.client());
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic.name()).stream()
            .map(info -> new TopicPartition(topic.name(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position); // seeking is lazy; fix the offsets now
  }

  /** Predictions of one task from now on. */
  public static TopicTail<PredictionMessage> predictions(ConnectionSettings kafka, String task) {
    return new TopicTail<>(kafka, kafka.topics().predictions(), task, null);
  }

  /** Predictions of all tasks from now on. */
  public static TopicTail<PredictionMessage> predictions(ConnectionSettings kafka) {
    return new TopicTail<>(kafka, kafka.topics().predictions(), null, null);
  }

  /** Generated rows of one task from now on. */
  public static TopicTail<GeneratedMessage> generated(ConnectionSettings kafka, String task) {
    return new TopicTail<>(kafka, kafka.topics().generated(), task, null);
  }

  /** Dead letters of one task from now on. */
  public static TopicTail<byte[]> deadLetters(ConnectionSettings kafka, String task) {
    return new TopicTail<>(kafka, kafka.topics().deadLetters(), task, Headers.ERROR_TASK);
  }

  /** The records since the last call, in the order of each partition. */
  public List<Received<V>> poll(Duration wait) {
    List<Received<V>> received = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : consumer.poll(wait)) {
      Map<String, String> headers = new HashMap<>();
      for (Header header : record.headers()) {
        if (header.value() != null) {
          headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
        }
      }
      V value = read(record.value());
      if (value != null && concerns(value, headers)) {
        received.add(
            new Received<>(headers.get(Headers.CORRELATION_ID), record.key(), value, headers));
      }
    }
    return received;
  }

  private boolean concerns(V value, Map<String, String> headers) {
    if (task == null) {
      return true;
    }
    if (value instanceof PredictionMessage prediction) {
      return task.equals(prediction.task());
    }
    if (value instanceof GeneratedMessage generated) {
      return task.equals(generated.task());
    }
    String named = headers.getOrDefault(taskHeader, headers.get(Headers.TASK));
    return task.equals(named);
  }

  private V read(byte[] value) {
    if (value == null) {
      return null;
    }
    return type == byte[].class ? type.cast(value) : Json.read(value, type);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
