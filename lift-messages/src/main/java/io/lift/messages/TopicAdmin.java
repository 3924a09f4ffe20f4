package io.lift.messages;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics that do not exist yet. */
public final class TopicAdmin {
  /** Client setting that overrides the broker's default replication factor. */
  public static final String REPLICATION = "lift.topics.replication";

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private TopicAdmin() {}

  /** As {@link #ensure(Map, Collection, Duration)}, waiting up to 30 s for a broker. */
  public static void ensure(Map<String, Object> kafka, Collection<Topic<?>> topics) {
    ensure(kafka, topics, TIMEOUT);
  }

  /**
   * Creates what is missing, with the replication of the setting {@link #REPLICATION}, else the
   * broker's default; leaves existing topics alone. Safe to call from many services at once.
   *
   * @param kafka client settings, at least {@code bootstrap.servers}
   * @param timeout how long to wait for a broker
   * @throws KafkaUnavailable if no broker answers in time; the message says what to do
   * @throws KafkaException if the broker refuses a topic
   */
  public static void ensure(
      Map<String, Object> kafka, Collection<Topic<?>> topics, Duration timeout) {
    KafkaClients.awaitBroker(kafka, timeout);
    try (Admin admin = admin(kafka, timeout)) {
      Set<String> existing = admin.listTopics().names().get();
      Optional<Short> replication = replication(kafka);
      List<NewTopic> missing =
          topics.stream()
              .filter(topic -> !existing.contains(topic.name()))
              .map(
                  topic ->
                      new NewTopic(topic.name(), Optional.of(topic.partitions()), replication)
                          .configs(topic.configs()))
              .toList();
      for (KafkaFuture<Void> created : admin.createTopics(missing).values().values()) {
        awaitCreated(created);
      }
    } catch (ExecutionException e) {
      throw translated(kafka, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while creating topics", e);
    }
  }

  private static void awaitCreated(KafkaFuture<Void> created)
      throws ExecutionException, InterruptedException {
    try {
      created.get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  private static Admin admin(Map<String, Object> kafka, Duration timeout) {
    Map<String, Object> settings = new HashMap<>(kafka);
    int millis = (int) Math.max(1_000, timeout.toMillis());
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(10_000, millis));
    return Admin.create(settings);
  }

  private static Optional<Short> replication(Map<String, Object> kafka) {
    return Optional.ofNullable(kafka.get(REPLICATION))
        .map(value -> Short.valueOf(value.toString().trim()));
  }

  private static RuntimeException translated(Map<String, Object> kafka, Throwable cause) {
    if (cause instanceof TimeoutException) {
      return KafkaClients.unavailable(kafka, cause);
    }
    return new KafkaException("cannot create topics: " + cause.getMessage(), cause);
  }
}
