package io.lift.kafka;

import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import io.lift.messages.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A compacted topic as a map that follows it: each key's newest value. Reads the whole topic at
 * start (committed records only), then keeps up on a thread of its own, through broker outages too.
 * Thread-safe.
 *
 * @param <V> type of the value
 */
public final class CompactedTable<V> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CompactedTable.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration CLOSE = Duration.ofSeconds(3);

  private final Topic<V> topic;
  private final Map<String, Object> kafka;
  private final BiConsumer<String, V> listener;
  private final Map<String, V> values = new ConcurrentHashMap<>();
  private final Thread thread;
  private final Object moved = new Object();

  /** What has been read: the next offset by partition. Guarded by {@link #moved}. */
  private Map<TopicPartition, Long> positions = Map.of();

  private volatile boolean caughtUp;
  private volatile boolean closed;
  private volatile Consumer<byte[], byte[]> consumer;
  private Admin admin;

  /**
   * @param topic the topic
   * @param kafka client settings, at least {@code bootstrap.servers}
   * @param listener called on the table's thread for each record in order, value null for a
   *     deletion; a listener that throws is logged and skipped
   */
  public CompactedTable(Topic<V> topic, Map<String, Object> kafka, BiConsumer<String, V> listener) {
    this.topic = topic;
    this.kafka = Map.copyOf(kafka);
    this.listener = listener;
    this.thread = new Thread(this::follow, "table-" + topic.name());
    this.thread.setDaemon(true);
  }

  /** A table that nobody listens to. */
  public CompactedTable(Topic<V> topic, Map<String, Object> kafka) {
    this(topic, kafka, (key, value) -> {});
  }

  /** Starts to follow; returns at once. */
  public void start() {
    thread.start();
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
    return caughtUp;
  }

  /**
   * Waits until every record committed before this call is in the table and its listener has seen
   * it.
   *
   * @return false if that took longer than {@code timeout}
   */
  public boolean refresh(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    if (!await(deadline, Map.of())) {
      return false;
    }
    Map<TopicPartition, Long> ends = ends(deadline);
    return ends != null && await(deadline, ends);
  }

  /** Waits until the partitions are known and read up to the given offsets. */
  private boolean await(long deadline, Map<TopicPartition, Long> ends) throws InterruptedException {
    synchronized (moved) {
      while (positions.isEmpty() || !reached(positions, ends)) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0 || closed) {
          return false;
        }
        moved.wait(left);
      }
      return true;
    }
  }

  /**
   * The ends of the log itself, open transactions included: a committed record may stand behind the
   * open transaction of another producer, where a read-committed end would not count it.
   */
  private Map<TopicPartition, Long> ends(long deadline) throws InterruptedException {
    Map<TopicPartition, OffsetSpec> latest;
    synchronized (moved) {
      latest =
          positions.keySet().stream()
              .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
    }
    try {
      return admin()
          .listOffsets(latest)
          .all()
          .get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)
          .entrySet()
          .stream()
          .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
    } catch (ExecutionException | TimeoutException e) {
      LOG.atDebug().addKeyValue("topic", topic.name()).setCause(e).log("no end offsets");
      return null;
    }
  }

  private synchronized Admin admin() {
    if (admin == null) {
      admin = Admin.create(kafka);
    }
    return admin;
  }

  private static boolean reached(
      Map<TopicPartition, Long> positions, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
  }

  private void follow() {
    Backoff backoff = new Backoff();
    while (!closed) {
      try (Consumer<byte[], byte[]> opened =
          KafkaClients.reader(kafka, Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1_000))) {
        consumer = opened;
        if (assign(opened)) {
          read(opened, backoff);
        } else {
          backoff.failed(LOG, "topic " + topic.name() + " does not exist yet", null);
        }
      } catch (WakeupException | InterruptException e) {
        // closing
      } catch (RuntimeException e) {
        if (!closed) {
          backoff.failed(LOG, "cannot follow topic " + topic.name(), e);
        }
      }
    }
  }

  /** Assigns all partitions where an earlier consumer stopped; false if there are none yet. */
  private boolean assign(Consumer<byte[], byte[]> consumer) {
    List<PartitionInfo> infos = consumer.partitionsFor(topic.name());
    if (infos == null || infos.isEmpty()) {
      return false;
    }
    List<TopicPartition> partitions =
        infos.stream().map(info -> new TopicPartition(info.topic(), info.partition())).toList();
    consumer.assign(partitions);
    synchronized (moved) {
      for (TopicPartition partition : partitions) {
        Long position = positions.get(partition);
        if (position == null) {
          consumer.seekToBeginning(List.of(partition));
        } else {
          consumer.seek(partition, position);
        }
      }
    }
    return true;
  }

  private void read(Consumer<byte[], byte[]> consumer, Backoff backoff) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    while (!closed) {
      publishPositions(consumer);
      caughtUp = caughtUp || reached(positions, ends);
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        apply(record);
      }
      backoff.reset();
    }
  }

  private void publishPositions(Consumer<byte[], byte[]> consumer) {
    Map<TopicPartition, Long> now = new HashMap<>();
    for (TopicPartition partition : consumer.assignment()) {
      now.put(partition, consumer.position(partition));
    }
    synchronized (moved) {
      positions = now;
      moved.notifyAll();
    }
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
    closed = true;
    synchronized (moved) {
      moved.notifyAll();
    }
    Consumer<byte[], byte[]> open = consumer;
    if (open != null) {
      open.wakeup();
    }
    try {
      thread.join(CLOSE.toMillis());
      thread.interrupt(); // it may be waiting for a broker
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      if (admin != null) {
        admin.close(Duration.ZERO);
      }
    }
  }
}
