package io.lift.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a manifest may say: the published models of Kubernetes and Strimzi, and JSON schemas of ours
 * for the parts of KEDA and Kustomize that are used.
 */
final class Schemas {
  private static final Map<String, Class<?>> MODELS =
      Map.ofEntries(
          Map.entry("v1/Namespace", Namespace.class),
          Map.entry("v1/ConfigMap", ConfigMap.class),
          Map.entry("v1/Secret", Secret.class),
          Map.entry("v1/Service", Service.class),
          Map.entry("v1/PersistentVolumeClaim", PersistentVolumeClaim.class),
          Map.entry("apps/v1/StatefulSet", StatefulSet.class),
          Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
          Map.entry("kafka.strimzi.io/v1/Kafka", Kafka.class),
          Map.entry("kafka.strimzi.io/v1/KafkaNodePool", KafkaNodePool.class),
          Map.entry("kafka.strimzi.io/v1/KafkaTopic", KafkaTopic.class),
          Map.entry("kafka.strimzi.io/v1/KafkaUser", KafkaUser.class));

  private static final Map<String, String> SCHEMAS =
      Map.of(
          "keda.sh/v1alpha1/ScaledObject", "scaled-object.schema.json",
          "keda.sh/v1alpha1/TriggerAuthentication", "trigger-authentication.schema.json",
          "kustomize.config.k8s.io/v1beta1/Kustomization", "kustomization.schema.json",
          "kustomize.config.k8s.io/v1alpha1/Component", "kustomization.schema.json");

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private Schemas() {}

  /** What is wrong with a manifest, one sentence each; empty if it is valid. */
  static List<String> faults(Manifest manifest) {
    String type = manifest.apiVersion() + "/" + manifest.kind();
    if (SCHEMAS.containsKey(type)) {
      String content = manifest.content().toString();
      return schema(SCHEMAS.get(type)).validate(content, InputFormat.JSON).stream()
          .map(fault -> manifest + ": " + fault)
          .toList();
    }
    if (MODELS.containsKey(type)) {
      return model(manifest, MODELS.get(type));
    }
    return List.of(manifest + ": there is no schema for " + type);
  }

  private static Schema schema(String file) {
    return REGISTRY.getSchema(Schemas.class.getResourceAsStream(file));
  }

  /** The models put aside what they do not know, instead of refusing it. */
  private static List<String> model(Manifest manifest, Class<?> model) {
    try {
      Object read = JSON.treeToValue(manifest.content(), model);
      List<String> faults = new ArrayList<>();
      Unknown.in(read).forEach(path -> faults.add(manifest + ": there is no " + path));
      return faults;
    } catch (JsonProcessingException e) {
      return List.of(manifest + ": " + Optional.of(e.getOriginalMessage()).orElse("unreadable"));
    }
  }

  /** The document as its model. */
  static <T> T as(Class<T> model, JsonNode content) {
    try {
      return JSON.treeToValue(content, model);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
