package io.lift.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.lift.kafka.RequiredAcl;
import io.lift.kafka.Role;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/** Lift's topics, and users with their rights, as Strimzi's resources. */
final class StrimziResources {
  private static final Topics TOPICS = Topics.of("");
  private static final String API = "kafka.strimzi.io/v1";

  private StrimziResources() {}

  /** {@code topics.yaml}. */
  static String topics() {
    return "# Written by the build from Topics in lift-messages.\n"
        + TOPICS.all().stream().map(StrimziResources::topic).collect(Collectors.joining());
  }

  private static String topic(Topic<?> topic) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("partitions", topic.partitions());
    spec.put("replicas", 3);
    spec.put("config", new TreeMap<>(topic.configs()));
    return yaml(resource("KafkaTopic", topic.name(), spec));
  }

  /** {@code users.yaml}: one for each role, and one that looks at lags. */
  static String users() {
    List<RequiredAcl> looking =
        Stream.of(
                new RequiredAcl(
                    AclOperation.DESCRIBE,
                    ResourceType.GROUP,
                    PatternType.LITERAL,
                    TOPICS.groups().trainer()),
                new RequiredAcl(
                    AclOperation.DESCRIBE,
                    ResourceType.GROUP,
                    PatternType.LITERAL,
                    TOPICS.groups().inference()),
                describe(TOPICS.prompts()),
                describe(TOPICS.requests()))
            .toList();
    return "# Written by the build from Role in lift-messages; lift-scaler is KEDA's.\n"
        + Stream.of(Role.values())
            .map(role -> user(role.name().toLowerCase(Locale.ROOT), role.rights(TOPICS)))
            .collect(Collectors.joining())
        + user("scaler", looking);
  }

  private static RequiredAcl describe(Topic<?> topic) {
    return new RequiredAcl(
        AclOperation.DESCRIBE, ResourceType.TOPIC, PatternType.LITERAL, topic.name());
  }

  private static String user(String name, List<RequiredAcl> rights) {
    Map<String, List<RequiredAcl>> byResource =
        rights.stream()
            .collect(
                Collectors.groupingBy(
                    right -> right.kind() + " " + right.pattern() + " " + right.name(),
                    LinkedHashMap::new,
                    Collectors.toList()));
    Map<String, Object> authorization = new LinkedHashMap<>();
    authorization.put("type", "simple");
    authorization.put("acls", byResource.values().stream().map(StrimziResources::acl).toList());
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("authentication", Map.of("type", "scram-sha-512"));
    spec.put("authorization", authorization);
    return yaml(resource("KafkaUser", "lift-" + name, spec));
  }

  private static Map<String, Object> acl(List<RequiredAcl> onOneResource) {
    RequiredAcl first = onOneResource.get(0);
    Map<String, Object> resource = new LinkedHashMap<>();
    resource.put(
        "type",
        first.kind() == ResourceType.TRANSACTIONAL_ID
            ? "transactionalId"
            : first.kind().name().toLowerCase(Locale.ROOT));
    resource.put("name", first.name());
    resource.put("patternType", first.pattern() == PatternType.PREFIXED ? "prefix" : "literal");
    Map<String, Object> acl = new LinkedHashMap<>();
    acl.put("resource", resource);
    acl.put("operations", onOneResource.stream().map(RequiredAcl::operationName).toList());
    return acl;
  }

  private static Map<String, Object> resource(String kind, String name, Map<String, Object> spec) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", name);
    metadata.put("labels", Map.of("strimzi.io/cluster", "lift"));
    Map<String, Object> resource = new LinkedHashMap<>();
    resource.put("apiVersion", API);
    resource.put("kind", kind);
    resource.put("metadata", metadata);
    resource.put("spec", spec);
    return resource;
  }

  private static String yaml(Map<String, Object> resource) {
    try {
      return Manifest.YAML.writeValueAsString(resource);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
