package io.lift.messages;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/**
 * One thing that somebody must be allowed to do on Kafka.
 *
 * @param kind of resource
 * @param pattern whether {@code name} is the whole name or its beginning
 * @param name of the resource, in the {@link Namespace} of this process
 */
public record Right(AclOperation operation, ResourceType kind, PatternType pattern, String name) {

  public static Right read(Topic<?> topic) {
    return on(topic, AclOperation.READ);
  }

  public static Right write(Topic<?> topic) {
    return on(topic, AclOperation.WRITE);
  }

  static Right on(Topic<?> topic, AclOperation operation) {
    return new Right(operation, ResourceType.TOPIC, PatternType.LITERAL, topic.name());
  }

  static Right onTopicsFrom(String beginning, AclOperation operation) {
    return new Right(operation, ResourceType.TOPIC, PatternType.PREFIXED, beginning);
  }

  static Right member(String group) {
    return new Right(AclOperation.READ, ResourceType.GROUP, PatternType.LITERAL, group);
  }

  /** Of all transactional ids of a service: they begin with its group. */
  static Right transactions(String group) {
    return new Right(
        AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID, PatternType.PREFIXED, group + "-");
  }

  /** e.g. {@code Read on topic lift.rows}. */
  @Override
  public String toString() {
    String what =
        switch (kind) {
          case TOPIC -> "topic";
          case GROUP -> "group";
          case TRANSACTIONAL_ID -> "transactional id";
          default -> kind.name().toLowerCase(java.util.Locale.ROOT);
        };
    return operationName() + " on " + what + " " + name + (isPrefix() ? "*" : "");
  }

  /** As Kafka's tools write it, e.g. {@code DescribeConfigs}. */
  public String operationName() {
    StringBuilder text = new StringBuilder();
    for (String word : operation.name().split("_")) {
      text.append(word.charAt(0)).append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
    }
    return text.toString();
  }

  Right renamed(String usual, String group) {
    boolean named = name.equals(usual) || name.startsWith(usual + "-");
    return named
        ? new Right(operation, kind, pattern, group + name.substring(usual.length()))
        : this;
  }

  boolean isPrefix() {
    return pattern == PatternType.PREFIXED;
  }
}
