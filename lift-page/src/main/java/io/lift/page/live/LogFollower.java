package io.lift.page.live;

import io.lift.kafka.Backoff;
import io.lift.kafka.KafkaClients;
import io.lift.messages.HeaderValues;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows several topics with one consumer, each from the place that suits it: a table from its
 * beginning, a log from near its end. Of a table's past only the newest record of each key is
 * delivered. If it falls far behind on a log, it skips to near the end. Works through broker
 * outages.
 */
public final class LogFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogFollower.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long CLOSE_MILLIS = 3_000;

  /** Records of a log's partition that may wait before it is skipped to near its end. */
  private static final long FAR_BEHIND = 20_000;

  private static final int MOST_WAITING = 10_000;

  /** Records may gather for a moment that nobody sees, so that fewer fetches are made. */
  private static final Map<String, Object> SETTINGS =
      Map.of(
          ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1_000,
          ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 65_536,
          ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);

  /** Bytes of a record that is not kept waiting. */
  private static final int LARGE = 256 * 1024;

  private final Map<String, Object> kafka;
  private final Map<String, Source> sources;
  private final Runnable caughtUp;
  private final Thread thread = new Thread(this::follow, "page-log");
  private final Map<TopicPartition, Long> positions = new HashMap<>();

  /** Of tables, while their past is read: the newest record of each key. */
  private Map<List<String>, Delivery> past = new LinkedHashMap<>();

  /** Of logs, meanwhile: what makes sense only once the tables are known. */
  private final Deque<Delivery> waiting = new ArrayDeque<>();

  private volatile boolean closed;
  private volatile Consumer<byte[], byte[]> consumer;

  private record Delivery(Source source, ConsumerRecord<byte[], byte[]> record) {}

  /**
   * A topic to follow.
   *
   * @param topic its name
   * @param tail how many records before its end to begin, per partition; null for a table
   * @param reader called with each record; if it throws, that is logged and the record is skipped
   */
  public record Source(String topic, Long tail, Reader reader) {
    public static Source table(String topic, Reader reader) {
      return new Source(topic, null, reader);
    }

    public static Source tail(String topic, long records, Reader reader) {
      return new Source(topic, records, reader);
    }
  }

  /** Takes records. */
  @FunctionalInterface
  public interface Reader {
    void read(ConsumerRecord<byte[], byte[]> record);
  }

  /**
   * @param kafka client settings, at least {@code bootstrap.servers}
   * @param caughtUp called once, when all records from before the start have been read
   */
  public LogFollower(Map<String, Object> kafka, List<Source> sources, Runnable caughtUp) {
    this.kafka = Map.copyOf(kafka);
    this.sources = new HashMap<>();
    sources.forEach(source -> this.sources.put(source.topic(), source));
    this.caughtUp = caughtUp;
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  private void follow() {
    Backoff backoff = new Backoff();
    while (!closed) {
      try (Consumer<byte[], byte[]> opened = KafkaClients.reader(kafka, SETTINGS)) {
        consumer = opened;
        Map<TopicPartition, Long> ends = assign(opened);
        backoff.reset();
        read(opened, ends);
      } catch (WakeupException | InterruptException e) {
        // closing
      } catch (RuntimeException e) {
        if (!closed) {
          backoff.failed(LOG, "the live page cannot follow Kafka", e);
        }
      }
    }
  }

  /** Assigns everything, where an earlier consumer stopped or else the source begins. */
  private Map<TopicPartition, Long> assign(Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> all = new ArrayList<>();
    for (String topic : sources.keySet()) {
      List<PartitionInfo> infos = consumer.partitionsFor(topic);
      if (infos == null || infos.isEmpty()) {
        throw new IllegalStateException("topic " + topic + " does not exist yet");
      }
      for (PartitionInfo info : infos) {
        all.add(new TopicPartition(topic, info.partition()));
      }
    }
    consumer.assign(all);
    Map<TopicPartition, Long> ends = consumer.endOffsets(all);
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(all);
    for (TopicPartition partition : all) {
      Long tail = sources.get(partition.topic()).tail();
      long begin = beginnings.get(partition);
      long start = tail == null ? begin : Math.max(begin, ends.get(partition) - tail);
      consumer.seek(partition, positions.getOrDefault(partition, start));
    }
    return ends;
  }

  private void read(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    while (!closed) {
      ConsumerRecords<byte[], byte[]> fetched = consumer.poll(POLL);
      take(fetched, true); // a row's task may have come in the same fetch
      take(fetched, false);
      consumer.assignment().forEach(p -> positions.put(p, consumer.position(p)));
      if (past != null
          && ends.entrySet().stream()
              .allMatch(end -> positions.get(end.getKey()) >= end.getValue())) {
        past.values().forEach(delivery -> deliver(delivery.source(), delivery.record()));
        waiting.forEach(delivery -> deliver(delivery.source(), delivery.record()));
        past = null;
        waiting.clear();
        caughtUp.run();
      }
      skipFarBehind(consumer);
    }
  }

  private void take(ConsumerRecords<byte[], byte[]> fetched, boolean tables) {
    for (ConsumerRecord<byte[], byte[]> record : fetched) {
      Source source = sources.get(record.topic());
      if ((source.tail() == null) != tables) {
        continue;
      }
      if (past == null || record.serializedValueSize() > LARGE) {
        deliver(source, record);
      } else {
        keep(new Delivery(source, record));
      }
    }
  }

  private void keep(Delivery delivery) {
    if (delivery.source().tail() == null) {
      String key = String.valueOf(HeaderValues.text(delivery.record().key()));
      past.put(List.of(delivery.record().topic(), key), delivery);
    } else {
      waiting.addLast(delivery);
      if (waiting.size() > MOST_WAITING) {
        waiting.removeFirst();
      }
    }
  }

  private void skipFarBehind(Consumer<byte[], byte[]> consumer) {
    for (TopicPartition partition : consumer.assignment()) {
      Long tail = sources.get(partition.topic()).tail();
      OptionalLong lag = consumer.currentLag(partition);
      if (tail != null && lag.isPresent() && lag.getAsLong() > FAR_BEHIND + tail) {
        consumer.seek(partition, consumer.position(partition) + lag.getAsLong() - tail);
      }
    }
  }

  private static void deliver(Source source, ConsumerRecord<byte[], byte[]> record) {
    try {
      source.reader().read(record);
    } catch (RuntimeException e) {
      LOG.atDebug()
          .addKeyValue("topic", record.topic())
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .setCause(e)
          .log("not shown on the page");
    }
  }

  @Override
  public void close() {
    closed = true;
    Consumer<byte[], byte[]> open = consumer;
    if (open != null) {
      open.wakeup();
    }
    try {
      thread.join(CLOSE_MILLIS);
      thread.interrupt(); // it may be waiting for a broker
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
