package io.lift.inference.config;

import io.lift.messages.Topics;
import io.lift.service.kafka.InstanceName;

/**
 * The names of this replica on Kafka.
 *
 * @param group consumer group that reads requests for predictions
 * @param generationGroup consumer group that reads requests for generated rows
 * @param instance unique among the replicas and the same after a restart
 */
public record Replica(String group, String generationGroup, String instance) {

  /**
   * The names by the settings.
   *
   * @param port HTTP port, part of the instance's name if the settings give none
   */
  public static Replica of(InferenceConfig config, Topics topics, int port) {
    String group = topics.name(config.group());
    return new Replica(
        group,
        topics.groups().generation(group),
        config.instance().orElseGet(() -> InstanceName.of(port)));
  }
}
