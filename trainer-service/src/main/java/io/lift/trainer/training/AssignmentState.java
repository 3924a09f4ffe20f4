package io.lift.trainer.training;

import io.lift.messages.RollbackRequest;
import io.lift.messages.Topic;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * What this trainer has in hand: the partitions it owns, the tasks on them, the deleted tasks whose
 * checkpoint is still to be taken back, and the one round that is running. The state that {@link
 * Assignment}, {@link PromptIntake} and {@link RoundScheduler} share, and the one lock that guards
 * it: whoever calls a method holds the lock, unless the method says otherwise.
 */
final class AssignmentState {
  final ReentrantLock lock = new ReentrantLock();

  /** Signalled when something has changed that a thread may be waiting for. */
  final Condition changed = lock.newCondition();

  private final Topic<?> prompts;
  private final int maxWaiting;
  private final Map<Integer, PartitionAssignment> owned = new HashMap<>();
  private final Map<String, TaskTraining> tasks = new TreeMap<>();
  private final Deque<String> retired = new ArrayDeque<>();
  private final Map<String, Long> versions = new ConcurrentHashMap<>();
  private final Map<String, String> settledWishes = new HashMap<>();

  private ConsumerGroupMetadata membership;
  private int partitions;
  private Round running;
  private Retraining renewal;
  private boolean closed;

  /**
   * @param prompts the topic whose partitions are assigned
   * @param maxWaiting how many fresh rows, over all tasks, are enough for now
   */
  AssignmentState(Topic<?> prompts, int maxWaiting) {
    this.prompts = prompts;
    this.partitions = prompts.partitions();
    this.maxWaiting = maxWaiting;
  }

  /** Takes the lock for an action. */
  void locked(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  /** Takes the lock for a question. */
  <T> T locked(Supplier<T> question) {
    lock.lock();
    try {
      return question.get();
    } finally {
      lock.unlock();
    }
  }

  /** This trainer's membership of the group, as of the last rebalance. */
  ConsumerGroupMetadata membership() {
    return membership;
  }

  void joined(ConsumerGroupMetadata membership) {
    this.membership = membership;
  }

  /** A partition of the topic. */
  TopicPartition partition(int number) {
    return new TopicPartition(prompts.name(), number);
  }

  /** How many partitions the topic has. */
  int partitions() {
    return partitions;
  }

  void repartitioned(int partitions) {
    this.partitions = partitions;
  }

  /** The partition of a task's prompts, owned or not. */
  int partition(String task) {
    return PromptReader.partition(task, partitions);
  }

  void own(PartitionAssignment ownership) {
    owned.put(ownership.partition(), ownership);
  }

  /** The ownership of a partition; null if another trainer has it, or nobody. */
  PartitionAssignment ownership(int partition) {
    return owned.get(partition);
  }

  /** The ownership of a task's partition; null if another trainer has it, or nobody. */
  PartitionAssignment ownership(String task) {
    return owned.get(partition(task));
  }

  Collection<PartitionAssignment> ownerships() {
    return owned.values();
  }

  /** Lets go of partitions and of the tasks on them, whose names it returns. */
  List<String> lose(Collection<Integer> revoked) {
    revoked.stream().map(owned::remove).filter(Objects::nonNull).forEach(PartitionAssignment::lose);
    List<String> gone =
        tasks.values().stream()
            .filter(task -> task.ownership().lost())
            .map(task -> task.spec().name())
            .toList();
    tasks.values().removeIf(task -> task.ownership().lost());
    return gone;
  }

  /** The task's training; null if the task does not exist, cannot be used or is not ours. */
  TaskTraining task(String name) {
    return tasks.get(name);
  }

  /** All tasks, by name. */
  Collection<TaskTraining> tasks() {
    return tasks.values();
  }

  void put(TaskTraining task) {
    tasks.put(task.spec().name(), task);
  }

  void remove(String task) {
    tasks.remove(task);
  }

  /** Whether so many fresh rows wait that no further ones should be read. */
  boolean full() {
    return tasks.values().stream().mapToInt(task -> task.window().fresh()).sum() >= maxWaiting;
  }

  /** The checkpoint of a deleted task is to be taken back. */
  void retire(String task) {
    retired.addLast(task);
  }

  /** Whether the checkpoint of a deleted task is still to be taken back. */
  boolean retiring() {
    return !retired.isEmpty();
  }

  /** Takes out the deleted task whose turn it is; null if there is none. */
  String nextRetired() {
    return retired.pollFirst();
  }

  /** Whether a wish is still to be settled, which the tables may not know yet. */
  boolean unsettled(RollbackRequest wish) {
    return !wish.id().equals(settledWishes.get(wish.task()));
  }

  /** A wish is fulfilled or refused. */
  void settled(RollbackRequest wish) {
    settledWishes.put(wish.task(), wish.id());
  }

  /**
   * Highest version of a task that this process has published, 0 if none; the tables may lag a
   * little. Needs no lock.
   */
  long publishedVersion(String task) {
    return versions.getOrDefault(task, 0L);
  }

  /** A version of a task is published. Needs no lock. */
  void published(String task, long version) {
    versions.merge(task, version, Math::max);
  }

  /** The round that is running, or null. */
  Round running() {
    return running;
  }

  void begun(Round round) {
    running = round;
  }

  void finished() {
    running = null;
  }

  /** The renewal that was begun and has come to no end yet, or null. */
  Retraining renewal() {
    return renewal;
  }

  void renew(Retraining begun) {
    renewal = begun;
  }

  boolean closed() {
    return closed;
  }

  void close() {
    closed = true;
  }
}
