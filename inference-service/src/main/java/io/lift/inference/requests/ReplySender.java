package io.lift.inference.requests;

import io.lift.kafka.KafkaClients;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * Sends replies, after the transactions of their predictions and outside of them: nobody waits for
 * a topic that a requester names, which may be deleted or forbidden at any time. A reply is sent
 * once at most. One that cannot be sent in time is dropped and counted. Thread-safe.
 */
public final class ReplySender implements AutoCloseable {
  /** How long a topic that has just vanished may hold up the replies to it. */
  private static final int PATIENCE_MILLIS = 5_000;

  /** So many such topics hold up nobody else. */
  private static final int THREADS = 8;

  private static final int QUEUED = 10_000; // groups of replies
  private static final Duration CLOSE = Duration.ofSeconds(3);

  /**
   * A reply.
   *
   * @param address where it goes
   */
  record Reply(ReplyAddress address, ProducerRecord<byte[], byte[]> record) {}

  private final WritableTopics topics;
  private final Map<String, Object> kafka;
  private final ExecutorService threads;
  private Producer<byte[], byte[]> producer; // null until the first reply

  /**
   * @param kafka client settings, at least {@code bootstrap.servers}
   * @param topics says which addresses are usable
   */
  public ReplySender(Map<String, Object> kafka, WritableTopics topics) {
    this.topics = topics;
    this.kafka = kafka;
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUED),
            work -> new Thread(work, "lift-replies"),
            (work, full) -> topics.dropped());
    pool.allowCoreThreadTimeOut(true);
    threads = pool;
  }

  private synchronized Producer<byte[], byte[]> producer() {
    if (producer == null) {
      producer =
          KafkaClients.producer(
              kafka,
              Map.of(
                  ProducerConfig.LINGER_MS_CONFIG,
                  0,
                  ProducerConfig.MAX_BLOCK_MS_CONFIG,
                  PATIENCE_MILLIS,
                  ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                  PATIENCE_MILLIS,
                  ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                  2 * PATIENCE_MILLIS));
    }
    return producer;
  }

  /** Sends replies soon. Returns at once. */
  void send(List<Reply> replies) {
    replies.stream()
        .collect(Collectors.groupingBy(reply -> reply.address().topic()))
        .values()
        .forEach(group -> threads.execute(() -> group.forEach(this::send)));
  }

  private void send(Reply reply) {
    try {
      if (topics.usable(reply.address())) {
        producer()
            .send(
                reply.record(),
                (metadata, failure) -> {
                  if (failure != null) {
                    topics.failed(reply.address(), failure.getMessage());
                  }
                });
      }
    } catch (KafkaException e) {
      topics.failed(reply.address(), e.getMessage());
    }
  }

  /** Waits for replies under way, for some seconds at most. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      threads.awaitTermination(CLOSE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      if (producer != null) {
        producer.close(CLOSE);
      }
    }
  }
}
