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
 * Looks before the work begins whether Kafka grants what it needs: so that a wrong password or a
 * missing right is one sentence at the start, instead of a client that tries for ever. What Kafka
 * tells nobody beforehand is taken as granted: rights on topics of which only the beginning of the
 * name is known, other than to create them.
 */
public final class KafkaAccess {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int ATTEMPTS = 50;
  private static final long PAUSE_MILLIS = 100;

  private KafkaAccess() {}

  /**
   * Waits for Kafka, creates the topics of a role that are missing, and checks its rights.
   *
   * @throws KafkaUnavailableException if Kafka does not answer or refuses; the message says what to
   *     do
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
    KafkaClients.awaitBroker(kafka, TIMEOUT);
    try (Admin admin = TopicAdmin.admin(kafka, TIMEOUT)) {
      // who must not see a topic cannot tell whether it is there, so this comes first
      Set<String> absent = checkTopics(kafka, admin, rights);
      TopicAdmin.ensure(kafka, topics);
      for (int attempt = 1; !absent.isEmpty() && attempt <= ATTEMPTS; attempt++) {
        // a topic that was created a moment ago may not be known to every broker yet
        Thread.sleep(attempt == 1 ? 0 : PAUSE_MILLIS);
        absent = checkTopics(kafka, admin, rights);
      }
      for (RequiredAcl right : rights) {
        Optional<KafkaFuture<?>> question = question(admin, right);
        if (question.isPresent() && !granted(question.get())) {
          throw missing(kafka, right);
        }
      }
    } catch (ExecutionException e) {
      throw KafkaClients.translated(kafka, e.getCause());
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
      // null from brokers that do not tell, and for what is no topic or not there
      if (operations != null && !operations.contains(right.operation())) {
        throw missing(kafka, right);
      }
    }
    return absent;
  }

  /** A harmless question that Kafka answers only to those who have the right. */
  private static Optional<KafkaFuture<?>> question(Admin admin, RequiredAcl right) {
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
      // anything else (there is no such group yet) is said only to those who may ask
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
