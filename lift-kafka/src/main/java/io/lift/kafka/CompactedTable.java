package io.lift.kafka;

import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import io.lift.messages.Topic;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest value of each key of a compacted topic, as a map that follows the topic. It holds
 * committed records only. Thread-safe.
 *
 * @param <V> type of the value
 */
public final class CompactedTable<V> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CompactedTable.class);

  private final Topic<V> topic;
  private final BiConsumer<String, V> listener;
  private final Map<String, V> values = new ConcurrentHashMap<>();
  private final TopicFollower follower;

  /**
   * @param topic the topic
   * @param kafka client settings, at least {@code bootstrap.servers}
   * @param listener called on the table's thread for each record in order, value null for a
   *     deletion; a listener that throws is logged and skipped
   */
  public CompactedTable(Topic<V> topic, Map<String, Object> kafka, BiConsumer<String, V> listener) {
    this.topic = topic;
    this.listener = listener;
    this.follower = new TopicFollower(topic.name(), kafka, this::apply);
  }

  /** A table without a listener. */
  public CompactedTable(Topic<V> topic, Map<String, Object> kafka) {
    this(topic, kafka, (key, value) -> {});
  }

  /** Starts to follow the topic; returns at once. */
  public void start() {
    follower.start();
  }

  public Optional<V> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** An immutable copy of all entries. */
  public Map<String, V> snapshot() {
    return Map.copyOf(values);
  }

  /** Whether everything that the topic held at the start has been read. */
  public boolean caughtUp() {
    return follower.caughtUp();
  }

  /**
   * Waits until every record committed before this call is in the table and its listener has
   * returned.
   *
   * @return false if that took longer than {@code timeout}
   */
  public boolean refresh(Duration timeout) throws InterruptedException {
    return follower.refresh(timeout);
  }

  private void apply(ConsumerRecord<byte[], byte[]> record) {
    try {
      String key = HeaderValues.text(record.key());
      if (key == null) {
        throw new IllegalArgumentException("a compacted topic needs keys");
      }
      V value = value(record.value());
      if (value == null) {
        values.remove(key);
      } else {
        values.put(key, value);
      }
      listener.accept(key, value);
    } catch (RuntimeException e) {
      LOG.atWarn()
          .addKeyValue("topic", record.topic())
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .setCause(e)
          .log("record skipped");
    }
  }

  private V value(byte[] bytes) {
    if (bytes == null || topic.valueType() == byte[].class) {
      return topic.valueType().cast(bytes);
    }
    return Json.read(bytes, topic.valueType());
  }

  @Override
  public void close() {
    follower.close();
  }
}
