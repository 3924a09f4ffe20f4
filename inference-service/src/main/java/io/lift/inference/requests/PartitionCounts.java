package io.lift.inference.requests;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Asks Kafka how many partitions a topic has. Connects on first use. Thread-safe. */
public final class PartitionCounts implements ToIntFunction<String>, AutoCloseable {
  private static final long TIMEOUT_SECONDS = 5;
  private static final Duration CLOSE = Duration.ofSeconds(2);

  private final Map<String, Object> kafka;
  private Admin admin;

  /**
   * @param kafka client settings, at least {@code bootstrap.servers}
   */
  public PartitionCounts(Map<String, Object> kafka) {
    this.kafka = kafka;
  }

  /**
   * The topic's partitions; 0 if it does not exist or is not visible.
   *
   * @throws KafkaException if Kafka does not answer
   */
  @Override
  public int applyAsInt(String topic) {
    try {
      return admin()
          .describeTopics(List.of(topic))
          .allTopicNames()
          .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
          .get(topic)
          .partitions()
          .size();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RetriableException
          && !(e.getCause() instanceof UnknownTopicOrPartitionException)) {
        throw new KafkaException("cannot look up topic " + topic, e.getCause());
      }
      return 0;
    } catch (TimeoutException e) {
      throw new KafkaException("cannot look up topic " + topic, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private synchronized Admin admin() {
    if (admin == null) {
      admin = Admin.create(kafka);
    }
    return admin;
  }

  @Override
  public synchronized void close() {
    if (admin != null) {
      admin.close(CLOSE);
    }
  }
}
