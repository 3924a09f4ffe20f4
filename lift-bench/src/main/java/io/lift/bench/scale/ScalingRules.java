package io.lift.bench.scale;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.lift.cli.base.CliException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@code ScaledObject} says, defaults filled in.
 *
 * @param min fewest replicas
 * @param max most replicas
 * @param triggers what is measured
 * @param up how fast replicas may be added
 * @param down how fast they may be taken away
 */
record ScalingRules(int min, int max, List<Trigger> triggers, Behavior up, Behavior down) {

  /**
   * One thing that is measured.
   *
   * @param name e.g. {@code staleness}
   * @param perReplica whether the threshold is for each replica ({@code AverageValue}), so that
   *     need is measured over threshold; otherwise replicas grow by measured over threshold
   * @param threshold the value aimed at
   */
  record Trigger(String name, boolean perReplica, double threshold) {}

  /**
   * Bounds of change.
   *
   * @param stabilizationSeconds how long the most cautious advice of the past holds
   * @param policies the one that allows most counts
   */
  record Behavior(int stabilizationSeconds, List<Policy> policies) {}

  /**
   * @param percent whether {@code value} is a share of the replicas, in percent, or a number
   */
  record Policy(boolean percent, int value, int periodSeconds) {}

  // Kubernetes' own defaults
  private static final Behavior UP =
      new Behavior(0, List.of(new Policy(true, 100, 15), new Policy(false, 4, 15)));
  private static final Behavior DOWN = new Behavior(300, List.of(new Policy(true, 100, 15)));

  /**
   * @throws CliException if there is no such file
   */
  static ScalingRules read(Path file) {
    JsonNode spec;
    try {
      spec = new ObjectMapper(new YAMLFactory()).readTree(file.toFile()).path("spec");
    } catch (IOException e) {
      throw new CliException(file + " cannot be read as YAML.");
    }
    JsonNode behavior = spec.at("/advanced/horizontalPodAutoscalerConfig/behavior");
    List<Trigger> triggers = new ArrayList<>();
    for (JsonNode trigger : spec.path("triggers")) {
      JsonNode metadata = trigger.path("metadata");
      triggers.add(
          new Trigger(
              trigger.path("name").asText(),
              !trigger.path("metricType").asText("AverageValue").equals("Value"),
              metadata.path("lagThreshold").asDouble(metadata.path("threshold").asDouble())));
    }
    return new ScalingRules(
        spec.path("minReplicaCount").asInt(0),
        spec.path("maxReplicaCount").asInt(100),
        triggers,
        behavior(behavior.path("scaleUp"), UP),
        behavior(behavior.path("scaleDown"), DOWN));
  }

  private static Behavior behavior(JsonNode node, Behavior defaults) {
    List<Policy> policies = new ArrayList<>();
    for (JsonNode policy : node.path("policies")) {
      policies.add(
          new Policy(
              policy.path("type").asText().equals("Percent"),
              policy.path("value").asInt(),
              policy.path("periodSeconds").asInt()));
    }
    return new Behavior(
        node.path("stabilizationWindowSeconds").asInt(defaults.stabilizationSeconds()),
        policies.isEmpty() ? defaults.policies() : policies);
  }
}
