package io.lift.kafka;

import io.lift.messages.Topic;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/**
 * One operation on one resource that a user must be allowed on Kafka.
 *
 * @param kind of resource
 * @param pattern whether {@code name} is the whole name or its beginning
 * @param name of the resource, with the prefix of its installation
 */
public record RequiredAcl(
    AclOperation operation, ResourceType kind, PatternType pattern, String name) {

  public static RequiredAcl read(Topic<?> topic) {
    return on(topic, AclOperation.READ);
  }

  public static RequiredAcl write(Topic<?> topic) {
    return on(topic, AclOperation.WRITE);
  }

  static RequiredAcl on(Topic<?> topic, AclOperation operation) {
    return new RequiredAcl(operation, ResourceType.TOPIC, PatternType.LITERAL, topic.name());
  }

  static RequiredAcl onTopicsFrom(String beginning, AclOperation operation) {
    return new RequiredAcl(operation, ResourceType.TOPIC, PatternType.PREFIXED, beginning);
  }

  static RequiredAcl member(String group) {
    return new RequiredAcl(AclOperation.READ, ResourceType.GROUP, PatternType.LITERAL, group);
  }

  /** Of all groups of a service whose names begin so. */
  static RequiredAcl memberFrom(String beginning) {
    return new RequiredAcl(AclOperation.READ, ResourceType.GROUP, PatternType.PREFIXED, beginning);
  }

  /** Of all transactional ids that begin so. */
  static RequiredAcl transactionsFrom(String beginning) {
    return new RequiredAcl(
        AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID, PatternType.PREFIXED, beginning);
  }

  /** Of all transactional ids of a service: they begin with its group. */
  static RequiredAcl transactions(String group) {
    return transactionsFrom(group + "-");
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

  RequiredAcl renamed(String standard, String group) {
    boolean named = name.equals(standard) || name.startsWith(standard + "-");
    return named
        ? new RequiredAcl(operation, kind, pattern, group + name.substring(standard.length()))
        : this;
  }

  boolean isPrefix() {
    return pattern == PatternType.PREFIXED;
  }
}
