package io.lift.cli.checkpoint;

import io.lift.cli.base.CliException;
import io.lift.cli.kafka.ConnectionSettings;
import io.lift.kafka.CompactedTable;
import io.lift.kafka.KafkaClients;
import io.lift.kafka.TopicAdmin;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Looks manifests up on the log. */
final class CheckpointManifests {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(500);

  private CheckpointManifests() {}

  /**
   * The checkpoint that a task is served with.
   *
   * @throws CliException if it has none yet
   */
  static CheckpointManifest current(ConnectionSettings kafka, String task)
      throws InterruptedException {
    TopicAdmin.ensure(kafka.client(), List.of(kafka.topics().checkpoints()));
    try (CompactedTable<CheckpointManifest> table =
        new CompactedTable<>(kafka.topics().checkpoints(), kafka.client())) {
      table.start();
      if (!table.refresh(LIMIT)) {
        throw new CliException(
            "Cannot read %s within %d s.", kafka.topics().checkpoints().name(), LIMIT.toSeconds());
      }
      return table
          .get(task)
          .orElseThrow(() -> new CliException("Task '%s' has no checkpoint yet.", task));
    }
  }

  /**
   * A version of a task's checkpoint.
   *
   * @throws CliException if there is none; the message names those that there are
   */
  static CheckpointManifest version(ConnectionSettings kafka, String task, long version) {
    Map<Long, CheckpointManifest> versions = new TreeMap<>();
    try (Consumer<byte[], byte[]> consumer = KafkaClients.reader(kafka.client(), Map.of())) {
      String topic = kafka.topics().checkpointsLog().name();
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          CheckpointManifest manifest =
              record.value() == null ? null : Json.read(record.value(), CheckpointManifest.class);
          if (manifest != null && task.equals(manifest.task())) {
            versions.put(manifest.version(), manifest);
          }
        }
      }
    }
    CheckpointManifest found = versions.get(version);
    if (found == null) {
      throw new CliException(
          "Task '%s' has no checkpoint %d; there is %s.",
          task, version, versions.isEmpty() ? "none" : versions.keySet());
    }
    return found;
  }
}
