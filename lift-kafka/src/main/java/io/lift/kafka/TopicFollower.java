package io.lift.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
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
 * Reads the committed records of a topic and then follows it, on a thread of its own and through
 * broker outages. It begins at the beginning, or a number of records before each partition's end.
 * Waits for the topic if it does not exist yet. Thread-safe.
 */
public final class TopicFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicFollower.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration CLOSE = Duration.ofSeconds(3);
  private static final int MAX_POLL_RECORDS = 1_000;

  /** How long the broker holds a fetch of a topic in which nothing happens. Most are such. */
  private static final int QUIET_MILLIS = 2_000;

  private final String topic;
  private final Map<String, Object> kafka;
  private final long newest;
  private final java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> reader;
  private final Thread thread;
  private final Object moved = new Object();

  /** What has been read: the next offset by partition. Guarded by {@link #moved}. */
  private Map<TopicPartition, Long> positions = Map.of();

  private volatile boolean caughtUp;
  private volatile boolean closed;
  private volatile Consumer<byte[], byte[]> consumer;
  private Admin admin;

  /**
   * @param kafka client settings, at least {@code bootstrap.servers}
   * @param reader called on the follower's thread for each record, in the order of each partition
   */
  TopicFollower(
      String topic,
      Map<String, Object> kafka,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> reader) {
    this(topic, kafka, Long.MAX_VALUE, reader);
  }

  /**
   * @param kafka client settings, at least {@code bootstrap.servers}
   * @param newest how many records before its end each partition is read from
   * @param reader called on the follower's thread for each record, in the order of each partition
   */
  public TopicFollower(
      String topic,
      Map<String, Object> kafka,
      long newest,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> reader) {
    this.topic = topic;
    this.kafka = Map.copyOf(kafka);
    this.newest = newest;
    this.reader = reader;
    this.thread = new Thread(this::follow, "follow-" + topic);
    this.thread.setDaemon(true);
  }

  /** Starts to follow; returns at once. */
  public void start() {
    thread.start();
  }

  /** Whether everything that the topic held at the start has been read. */
  public boolean caughtUp() {
    return caughtUp;
  }

  /**
   * Waits until every record committed before this call has been read.
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
   * The ends of the log itself, open transactions included. A committed record may come after the
   * open transaction of another producer, and a read-committed end would not count that record.
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
      LOG.atDebug().addKeyValue("topic", topic).setCause(e).log("no end offsets");
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
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS,
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, QUIET_MILLIS);
    while (!closed) {
      Consumer<byte[], byte[]> opened = null;
      try {
        opened = KafkaClients.reader(kafka, settings);
        consumer = opened;
        if (assign(opened)) {
          read(opened, backoff);
        } else {
          backoff.failed(LOG, "topic " + topic + " does not exist yet", null);
        }
      } catch (WakeupException | InterruptException e) {
        // closing
      } catch (RuntimeException e) {
        if (!closed) {
          backoff.failed(LOG, "cannot follow topic " + topic, e);
        }
      } finally {
        closeAtOnce(opened);
      }
    }
  }

  /**
   * A close with time waits for the fetch under way, which the broker holds while nothing comes.
   */
  private void closeAtOnce(Consumer<byte[], byte[]> opened) {
    if (opened == null) {
      return;
    }
    try {
      opened.close(CloseOptions.timeout(Duration.ZERO));
    } catch (RuntimeException e) {
      LOG.atDebug().addKeyValue("topic", topic).setCause(e).log("did not close cleanly");
    }
  }

  /** Assigns all partitions where an earlier consumer stopped; false if there are none yet. */
  private boolean assign(Consumer<byte[], byte[]> consumer) {
    List<PartitionInfo> infos = consumer.partitionsFor(topic);
    if (infos == null || infos.isEmpty()) {
      return false;
    }
    List<TopicPartition> partitions =
        infos.stream().map(info -> new TopicPartition(info.topic(), info.partition())).toList();
    consumer.assign(partitions);
    Map<TopicPartition, Long> ends =
        newest == Long.MAX_VALUE ? Map.of() : consumer.endOffsets(partitions);
    synchronized (moved) {
      for (TopicPartition partition : partitions) {
        Long position = positions.get(partition);
        if (position == null && ends.getOrDefault(partition, 0L) <= newest) {
          consumer.seekToBeginning(List.of(partition));
        } else if (position == null) {
          consumer.seek(partition, ends.get(partition) - newest);
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
        reader.accept(record);
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
