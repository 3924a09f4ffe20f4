package io.lift.trainer.assignment;

import io.lift.messages.PromptMessage;
import io.lift.messages.Topic;
import io.lift.trainer.prompts.PartitionAssignment;
import io.lift.trainer.prompts.PartitionPosition;
import io.lift.trainer.prompts.PromptReader;
import io.lift.trainer.prompts.ReadingPlan;
import io.lift.trainer.publish.Claim;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
   * @param plan what is to be read
   */
  void add(int partition, long committed, ReadingPlan plan) {
    int generation = membership.generationId();
    assignments++;
    positions.put(
        partition,
        new PartitionPosition(
            new PartitionAssignment(
                assignments, partition, generation, Math.max(committed, plan.rest())),
            committed,
            plan));
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

  /** The next offset to read, of each assigned partition. */
  Map<Integer, Long> next() {
    Map<Integer, Long> next = new TreeMap<>();
    positions.forEach((partition, position) -> next.put(partition, position.next()));
    return next;
  }

  /** The positions of all assigned partitions. */
  Collection<PartitionPosition> positions() {
    return positions.values();
  }

  /** Every record that was polled has been handled, and the broker has all dead letters. */
  void allHandled() {
    positions.values().forEach(PartitionPosition::allHandled);
  }

  /**
   * What a transaction may commit for a partition.
   *
   * @param offset the offset to commit
   * @param plan what a trainer that takes the partition over has to read
   */
  Claim claim(PartitionPosition position, long offset, ReadingPlan plan) {
    return new Claim(
        position.assignment(),
        new TopicPartition(topic.name(), position.assignment().partition()),
        new OffsetAndMetadata(offset, plan.encode()),
        membership);
  }
}
