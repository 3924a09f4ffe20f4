package io.lift.trainer.assignment;

import io.lift.messages.PromptMessage;
import io.lift.messages.Topic;
import io.lift.trainer.prompts.PartitionAssignment;
import io.lift.trainer.prompts.PartitionPosition;
import io.lift.trainer.prompts.PromptReader;
import io.lift.trainer.publish.Claim;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The partitions of {@code lift.prompts} that are assigned to this trainer, and its membership of
 * the consumer group. Only reachable through its {@link Monitor}.
 */
final class AssignedPartitions {
  private final Topic<PromptMessage> topic;
  private final Map<Integer, PartitionPosition> positions = new HashMap<>();
  private ConsumerGroupMetadata membership;
  private int count;
  private long assignments;

  /**
   * @param topic whose partitions are assigned
   */
  AssignedPartitions(Topic<PromptMessage> topic) {
    this.topic = topic;
    this.count = topic.partitions();
  }

  /** The group has rebalanced; claims under the older membership are rejected. */
  void joined(ConsumerGroupMetadata membership) {
    this.membership = membership;
  }

  /** How many partitions the topic has. */
  int count() {
    return count;
  }

  /** The topic may have been given more partitions. */
  void count(int count) {
    this.count = count;
  }

  /** The partition of a task's prompts, assigned or not. */
  int partitionOf(String task) {
    return PromptReader.partition(task, count);
  }

  /**
   * Adds an assignment.
   *
   * @param committed the group's committed offset, 0 if none
   * @param from where reading begins
   */
  void add(int partition, long committed, long from) {
    int generation = membership.generationId();
    assignments++;
    positions.put(
        partition,
        new PartitionPosition(
            new PartitionAssignment(assignments, partition, generation, committed), from));
  }

  /** Ends the assignments of some partitions. */
  void remove(Collection<Integer> partitions) {
    positions.keySet().removeAll(partitions);
  }

  /** Whether an assignment still holds. */
  boolean assigned(PartitionAssignment partition) {
    return position(partition).isPresent();
  }

  /** How far a partition has been read; empty if it is not assigned. */
  Optional<PartitionPosition> position(int partition) {
    return Optional.ofNullable(positions.get(partition));
  }

  /** The same for the partition of a task. */
  Optional<PartitionPosition> position(String task) {
    return position(partitionOf(task));
  }

  /** The same for an assignment; empty if it has ended, even if a later one has begun. */
  Optional<PartitionPosition> position(PartitionAssignment partition) {
    return position(partition.partition())
        .filter(position -> position.assignment().equals(partition));
  }

  /** The broker has every dead letter of the records read so far. */
  void deadLettersSent() {
    positions.values().forEach(PartitionPosition::deadLettersSent);
  }

  /** A partition whose group offset should pass dead letters. */
  Optional<PartitionPosition> uncommitted() {
    return positions.values().stream().filter(PartitionPosition::uncommitted).findFirst();
  }

  /**
   * What may be committed for a partition.
   *
   * @param firstFresh offset of the first row that no checkpoint will hold; {@link Long#MAX_VALUE}
   *     if there is none
   */
  Claim claim(PartitionPosition position, long firstFresh) {
    PartitionAssignment partition = position.assignment();
    long next = Math.min(position.handledTo(), firstFresh);
    return new Claim(
        Map.of(
            new TopicPartition(topic.name(), partition.partition()),
            new OffsetAndMetadata(Math.max(next, partition.committed()))),
        membership);
  }
}
