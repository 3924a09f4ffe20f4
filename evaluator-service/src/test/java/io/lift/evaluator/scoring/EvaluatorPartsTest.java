package io.lift.evaluator.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.kafka.Traces;
import io.lift.messages.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyDescription.Processor;
import org.apache.kafka.streams.TopologyDescription.Source;
import org.apache.kafka.streams.TopologyDescription.Subtopology;
import org.junit.jupiter.api.Test;

/**
 * A part of the topology has as many tasks, each with its stores, as its topics have partitions.
 */
class EvaluatorPartsTest {
  private static final Topics TOPICS = Topics.of("");

  @Test
  void theStoresOfAPartAreMadeForTheInternalTopicThatItReadsAndForNoOther() {
    EvaluatorSettings settings =
        new EvaluatorSettings(Duration.ofDays(1), 100, 3, Duration.ofMillis(500), true, 6);
    TopologyDescription topology =
        EvaluatorTopology.build(settings, TOPICS, Traces.NONE).describe();

    Map<Set<String>, Set<String>> storesByTopics = new HashMap<>();
    topology.subtopologies().forEach(part -> storesByTopics.put(topics(part), stores(part)));

    assertThat(storesByTopics)
        .hasSize(3)
        .containsEntry(
            Set.of("join-inputs-repartition"),
            Set.of("rows", "timeline", "seen", "waiting", "waiting-timeline"))
        .containsEntry(
            Set.of("outcomes-repartition"), Set.of("counters", "sums", "ring", "history"));
    assertThat(storesByTopics.values()).contains(Set.of());
  }

  private static Set<String> topics(Subtopology part) {
    Set<String> topics = new TreeSet<>();
    part.nodes().stream()
        .filter(Source.class::isInstance)
        .forEach(node -> topics.addAll(((Source) node).topicSet()));
    return topics;
  }

  private static Set<String> stores(Subtopology part) {
    Set<String> stores = new TreeSet<>();
    part.nodes().stream()
        .filter(Processor.class::isInstance)
        .forEach(node -> stores.addAll(((Processor) node).stores()));
    return stores;
  }
}
