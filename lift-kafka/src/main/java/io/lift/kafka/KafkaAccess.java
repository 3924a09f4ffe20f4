package io.lift.kafka;

import io.lift.messages.Topic;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Checks before the work begins that Kafka grants what it needs. A wrong password or a missing
 * right is then one sentence at the start, and not a client that retries without end. Kafka does
 * not report beforehand some rights on topics of which only the beginning of the name is known,
 * other than the right to create them. Those are assumed to be granted.
 */
public final class KafkaAccess {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int ATTEMPTS = 50;
  private static final long PAUSE_MILLIS = 100;

  private KafkaAccess() {}

  /**
   * Waits for Kafka, creates the topics of a role that are missing, and checks its rights.
   *
   * @throws KafkaUnavailableException if Kafka does not answer or rejects the client; the message
   *     says what to do
   */
  public static void open(KafkaConnection kafka, Role role) {
    open(kafka.settings(), role.topics(kafka.topics()), role.rights(kafka.topics()));
  }

  /**
   * The same for any topics and rights.
   *
   * @param kafka client settings, at least {@code bootstrap.servers}
   */
  public static void open(
      Map<String, Object> kafka, Collection<Topic<?>> topics, Collection<RequiredAcl> rights) {
    OauthEndpoints.check(kafka);
    BrokerProbe.await(kafka, TIMEOUT);
    try (Admin admin = TopicAdmin.admin(kafka, TIMEOUT)) {
      GroupProtocol.check(kafka, admin);
      // a user without rights on a topic cannot see whether it exists, so this comes first
      Set<String> absent = checkTopics(kafka, admin, rights);
      TopicAdmin.ensure(kafka, topics);
      for (int attempt = 1; !absent.isEmpty() && attempt <= ATTEMPTS; attempt++) {
        // a topic that was created a moment ago may not be known to every broker yet
        Thread.sleep(attempt == 1 ? 0 : PAUSE_MILLIS);
        absent = checkTopics(kafka, admin, rights);
      }
      for (RequiredAcl right : rights) {
        Optional<KafkaFuture<?>> probe = probe(admin, right);
        if (probe.isPresent() && !granted(probe.get())) {
          throw missing(kafka, right);
        }
      }
    } catch (ExecutionException e) {
      throw KafkaFailures.explain(kafka, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while rights were checked", e);
    }
  }

  /** Checks the rights on topics that exist; returns the names of those that do not. */
  private static Set<String> checkTopics(
      Map<String, Object> kafka, Admin admin, Collection<RequiredAcl> rights)
      throws ExecutionException, InterruptedException {
    Set<String> names = new LinkedHashSet<>();
    rights.stream()
        .filter(right -> right.kind() == ResourceType.TOPIC && !right.isPrefix())
        .forEach(right -> names.add(right.name()));
    Set<String> absent = new LinkedHashSet<>();
    Map<String, Set<AclOperation>> granted = new HashMap<>();
    var answers =
        admin
            .describeTopics(names, new DescribeTopicsOptions().includeAuthorizedOperations(true))
            .topicNameValues();
    for (String name : names) {
      try {
        granted.put(name, answers.get(name).get().authorizedOperations());
      } catch (ExecutionException e) {
        if (e.getCause() instanceof AuthorizationException) {
          granted.put(name, Set.of());
        } else if (e.getCause() instanceof UnknownTopicOrPartitionException) {
          absent.add(name);
        } else {
          throw e;
        }
      }
    }
    for (RequiredAcl right : rights) {
      Set<AclOperation> operations = granted.get(right.name());
      // null from brokers that do not report it, and for what is no topic or does not exist
      if (operations != null && !operations.contains(right.operation())) {
        throw missing(kafka, right);
      }
    }
    return absent;
  }

  /** A call without effect that Kafka answers only to users with the right. */
  private static Optional<KafkaFuture<?>> probe(Admin admin, RequiredAcl right) {
    String name = right.name() + (right.isPrefix() ? "access" : "");
    return switch (right.kind()) {
      case GROUP ->
          Optional.of(admin.describeConsumerGroups(List.of(name)).describedGroups().get(name));
      case TRANSACTIONAL_ID ->
          Optional.of(admin.describeTransactions(List.of(name)).description(name));
      case TOPIC ->
          right.operation() == AclOperation.CREATE
              ? Optional.of(
                  admin
                      .createTopics(
                          List.of(new NewTopic(name, Optional.of(1), Optional.empty())),
                          new CreateTopicsOptions().validateOnly(true))
                      .all())
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static boolean granted(KafkaFuture<?> answer)
      throws ExecutionException, InterruptedException {
    try {
      answer.get();
      return true;
    } catch (ExecutionException e) {
      // any other failure, e.g. that there is no such group yet, means that the call was allowed
      return !(e.getCause() instanceof AuthorizationException);
    }
  }

  private static KafkaUnavailableException missing(Map<String, Object> kafka, RequiredAcl right) {
    return new KafkaUnavailableException(
        ("Kafka at %s does not grant '%s' to this user: add the ACL"
                + " (docs/operations.md lists them all)")
            .formatted(kafka.get("bootstrap.servers"), right),
        null);
  }
}
