package io.lift.trainer.assignment;

import io.lift.core.task.TaskSpec;
import io.lift.kafka.Traces;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.PromptMessage;
import io.lift.messages.Topic;
import io.lift.trainer.prompts.PartitionPosition;
import io.lift.trainer.prompts.ReadingPlan;
import io.lift.trainer.publish.DeadLetterSender;
import io.lift.trainer.publish.TaskTables;
import io.lift.trainer.retrain.RetrainingMeters;
import io.lift.trainer.round.FineTuner;
import io.lift.trainer.round.RoundMeters;
import io.lift.trainer.round.TrainerSettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * The partitions and tasks that are assigned to this trainer. The polling thread assigns and
 * revokes partitions here, and the threads of {@link TaskTables} report changes. The reading thread
 * uses {@link #intake}, the training thread {@link #work}. All of them share one state, which they
 * can only reach through its monitor: each method is one atomic action, and what it returns is
 * immutable. Thread-safe.
 */
public final class Assignment implements TaskTables.Listener {
  private final Monitor<AssignmentState> monitor;
  private final TaskTables tables;
  private final Duration revokeWait;
  private final TaskGauges gauges;
  private final MeterRegistry registry;

  /**
   * An assignment of no partitions.
   *
   * @param prompts the topic whose partitions are assigned
   */
  public Assignment(
      Topic<PromptMessage> prompts,
      TrainerSettings settings,
      FineTuner.Factory factory,
      TaskTables tables,
      RoundMeters rounds,
      MeterRegistry registry) {
    this.monitor =
        new Monitor<>(
            new AssignmentState(
                prompts, settings, factory, tables, new RetrainingMeters(registry)));
    this.tables = tables;
    this.revokeWait = settings.revokeWait();
    this.gauges = new TaskGauges(registry, rounds, this::status);
    this.registry = registry;
    Gauge.builder("lift.train.rounds.paused", () -> monitor.get(state -> state.turns().paused()))
        .description("rounds that have made room for other work and go on later")
        .register(registry);
  }

  /** What the reading thread does with prompts. */
  public PromptIntake intake(DeadLetterSender deadLetters, Traces traces) {
    return new PromptIntake(monitor, tables, deadLetters, traces, registry);
  }

  /** The work of the training thread. */
  public WorkScheduler work() {
    return new WorkScheduler(monitor, tables);
  }

  /** The group has rebalanced; what is claimed under the older membership is rejected. */
  public void joined(ConsumerGroupMetadata membership) {
    monitor.change(state -> state.partitions().joined(membership));
  }

  /**
   * Takes partitions over. The tables must be up to date, and no transaction of the previous
   * trainer may be pending.
   *
   * @param committed what the group has committed; absent where there is nothing
   * @param count how many partitions the topic has
   */
  public void assign(
      Collection<Integer> assigned, Map<Integer, OffsetAndMetadata> committed, int count) {
    monitor.change(state -> assign(state, assigned, committed, count));
  }

  private void assign(
      AssignmentState state,
      Collection<Integer> assigned,
      Map<Integer, OffsetAndMetadata> committed,
      int count) {
    AssignedPartitions partitions = state.partitions();
    partitions.count(count);
    Map<String, TaskSpec> specs = tables.tasks();
    Map<String, CheckpointManifest> manifests = tables.checkpoints();
    Map<Integer, Long> windows = new TreeMap<>();
    for (String task : specs.keySet()) {
      int partition = partitions.partitionOf(task);
      long from = TaskTraining.windowFrom(manifests.get(task), partition);
      windows.merge(partition, from, Math::min);
    }
    for (int partition : assigned) {
      OffsetAndMetadata group = committed.get(partition);
      long offset = group == null ? 0 : group.offset();
      partitions.add(partition, offset, plan(group, windows.getOrDefault(partition, offset)));
    }
    specs.values().stream()
        .filter(spec -> assigned.contains(partitions.partitionOf(spec.name())))
        .forEach(spec -> begin(state, spec));
    manifests.keySet().stream()
        .filter(task -> !specs.containsKey(task))
        .filter(task -> assigned.contains(partitions.partitionOf(task)))
        .forEach(state.tasks()::retire);
  }

  /**
   * What to read of a partition.
   *
   * @param committed by the group, or null
   * @param from offset of the oldest row that a task rehearses, in case the group has no plan
   */
  private static ReadingPlan plan(OffsetAndMetadata committed, long from) {
    return Optional.ofNullable(committed)
        .flatMap(group -> ReadingPlan.decode(group.metadata()))
        .orElseGet(() -> ReadingPlan.from(from));
  }

  /** The next offset that is to be read, of each assigned partition. */
  public Map<Integer, Long> positions() {
    return monitor.get(state -> state.partitions().next());
  }

  private void begin(AssignmentState state, TaskSpec spec) {
    Optional<PartitionPosition> position = state.partitions().position(spec.name());
    if (position.isPresent() && state.tasks().begin(spec, position.get().assignment())) {
      gauges.add(spec.name());
    }
  }

  /**
   * Gives partitions back: drops their rows, stops a round on them after its step, and waits for
   * that as long as the settings say.
   *
   * @return false if the round was still running at the end; its checkpoint will be rejected
   */
  public boolean revoke(Collection<Integer> revoked) throws InterruptedException {
    monitor.change(
        state -> {
          state.partitions().remove(revoked);
          state.tasks().revoke(state.partitions()).forEach(gauges::remove);
          revokedRound(state).ifPresent(RunningWork::cancel);
        });
    return monitor.await(state -> revokedRound(state).isEmpty(), revokeWait);
  }

  private static Optional<RunningWork> revokedRound(AssignmentState state) {
    return state
        .planner()
        .running()
        .filter(RunningWork::isRound)
        .filter(work -> !state.partitions().assigned(work.task().partition()));
  }

  @Override
  public void taskChanged(String name, TaskSpec spec) {
    monitor.change(
        state -> {
          Optional<PartitionPosition> position = state.partitions().position(name);
          if (position.isEmpty()) {
            return;
          }
          Optional<TaskTraining> task = state.tasks().training(name);
          boolean stop = true;
          if (spec == null) {
            gauges.remove(name);
            state.tasks().retire(name);
          } else if (task.isEmpty()) {
            begin(state, spec);
          } else {
            stop =
                !spec.equals(task.get().spec()) && task.get().change(spec, position.get().next());
          }
          if (stop) {
            state.planner().cancelRound(name);
          }
        });
  }

  @Override
  public void rollbackChanged(String task) {
    monitor.change(
        state ->
            state.tasks().openRollback(task).ifPresent(any -> state.planner().cancelRound(task)));
  }

  @Override
  public void driftDetected(String task) {
    monitor.change(state -> {}); // the planner asks the tables for drifts
  }

  /** The status of each task, by name. */
  public List<TrainingStatus> status() {
    return monitor.get(
        state ->
            state.tasks().trainings().stream()
                .map(task -> TrainingStatus.of(task, state.planner().running()))
                .toList());
  }

  /** The status of one task; empty if it is not assigned. */
  public Optional<TrainingStatus> status(String name) {
    return monitor.get(
        state ->
            state
                .tasks()
                .training(name)
                .map(task -> TrainingStatus.of(task, state.planner().running())));
  }

  /** Stops everything that waits, and the running round after its step. */
  public void close() {
    monitor.change(
        state -> {
          state.close();
          state.planner().running().ifPresent(RunningWork::cancel);
        });
  }

  /** Whether the trainer stops. */
  public boolean closed() {
    return monitor.get(AssignmentState::closed);
  }
}
