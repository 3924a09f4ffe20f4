package io.lift.kafka;

import io.lift.messages.Topic;
import io.lift.messages.TopicSettings;
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
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates topics that do not exist yet. */
public final class TopicAdmin {
  /** The setting of the replication factor; in the environment {@code LIFT_TOPICS_REPLICATION}. */
  public static final String REPLICATION = "lift.topics.replication";

  private static final int REPLICAS = 3;
  private static final short BROKERS_CHOICE = -1;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private TopicAdmin() {}

  /** As {@link #ensure(Map, Collection, Duration)}, waiting up to 30 s for a broker. */
  public static void ensure(Map<String, Object> kafka, Collection<Topic<?>> topics) {
    ensure(kafka, topics, TIMEOUT);
  }

  /**
   * Creates the missing topics and leaves existing ones alone. They get as many copies as the
   * setting {@link #REPLICATION} says, else three, or fewer where there are fewer brokers. Many
   * services may call this at once.
   *
   * @param kafka client settings, at least {@code bootstrap.servers}
   * @param timeout how long to wait for a broker
   * @throws KafkaUnavailableException if no broker answers in time, or it rejects the client; the
   *     message says what to do
   */
  public static void ensure(
      Map<String, Object> kafka, Collection<Topic<?>> topics, Duration timeout) {
    create(
        kafka,
        topics.stream()
            .map(topic -> new Wanted(topic.name(), topic.partitions(), topic.configs()))
            .toList(),
        timeout);
  }

  /**
   * As {@link #ensure(Map, Collection)}, for a topic of somebody's own with the broker's settings.
   */
  public static void ensure(Map<String, Object> kafka, String topic, int partitions) {
    create(kafka, List.of(new Wanted(topic, partitions, Map.of())), TIMEOUT);
  }

  private record Wanted(String name, int partitions, Map<String, String> configs) {}

  private static void create(Map<String, Object> kafka, List<Wanted> topics, Duration timeout) {
    BrokerProbe.await(kafka, timeout);
    try (Admin admin = admin(kafka, timeout)) {
      Set<String> existing = admin.listTopics().names().get();
      List<Wanted> missing =
          topics.stream().filter(topic -> !existing.contains(topic.name())).toList();
      if (missing.isEmpty()) {
        return;
      }
      short replication = replication(kafka, admin);
      List<NewTopic> created =
          missing.stream()
              .map(
                  topic ->
                      new NewTopic(
                              topic.name(),
                              Optional.of(topic.partitions())
                                  .filter(count -> count != Topic.BROKERS_CHOICE),
                              Optional.of(replication).filter(copies -> copies != BROKERS_CHOICE))
                          .configs(topic.configs()))
              .toList();
      for (var creation : admin.createTopics(created).values().entrySet()) {
        awaitCreated(kafka, creation.getKey(), creation.getValue());
      }
    } catch (ExecutionException e) {
      throw KafkaFailures.explain(kafka, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while creating topics", e);
    }
  }

  private static void awaitCreated(
      Map<String, Object> kafka, String topic, KafkaFuture<Void> created)
      throws ExecutionException, InterruptedException {
    try {
      created.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicAuthorizationException) {
        throw new KafkaUnavailableException(
            ("Topic %s does not exist and Kafka at %s does not let this user create it: have an"
                    + " operator make the topics (./lift topics), or grant Create")
                .formatted(topic, kafka.get("bootstrap.servers")),
            e.getCause());
      }
      if (e.getCause() instanceof PolicyViolationException
          || e.getCause() instanceof InvalidConfigurationException
          || e.getCause() instanceof InvalidReplicationFactorException) {
        throw new KafkaUnavailableException(
            ("Kafka at %s does not create topic %s with these settings: %s. Set or leave them to"
                    + " the broker with %s, e.g. segment.ms=none, or with %s=none")
                .formatted(
                    kafka.get("bootstrap.servers"),
                    topic,
                    e.getCause().getMessage(),
                    TopicSettings.SETTING,
                    REPLICATION),
            e.getCause());
      }
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  static Admin admin(Map<String, Object> kafka, Duration timeout) {
    Map<String, Object> settings = new HashMap<>(kafka);
    int millis = (int) Math.max(1_000, timeout.toMillis());
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(10_000, millis));
    try {
      return Admin.create(settings);
    } catch (KafkaException e) {
      throw KafkaFailures.explain(kafka, e);
    }
  }

  /**
   * The replication factor of new topics; -1 leaves it to the broker.
   *
   * @param kafka client settings, at least {@code bootstrap.servers}
   * @throws KafkaUnavailableException if no broker answers in time
   */
  public static short replication(Map<String, Object> kafka) {
    try (Admin admin = admin(kafka, TIMEOUT)) {
      return replication(kafka, admin);
    } catch (ExecutionException e) {
      throw KafkaFailures.explain(kafka, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while counting the brokers", e);
    }
  }

  private static short replication(Map<String, Object> kafka, Admin admin)
      throws ExecutionException, InterruptedException {
    Object wanted = kafka.get(REPLICATION);
    if (wanted != null) {
      String copies = wanted.toString().strip();
      try {
        return copies.equals(TopicSettings.NONE) ? BROKERS_CHOICE : Short.parseShort(copies);
      } catch (NumberFormatException e) {
        throw new KafkaUnavailableException(
            "%s must be a number or none, but is '%s'".formatted(REPLICATION, copies), e);
      }
    }
    return (short) Math.min(REPLICAS, admin.describeCluster().nodes().get().size());
  }
}
