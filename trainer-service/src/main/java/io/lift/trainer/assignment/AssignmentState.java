package io.lift.trainer.assignment;

import io.lift.messages.PromptMessage;
import io.lift.messages.Topic;
import io.lift.trainer.prompts.PartitionAssignment;
import io.lift.trainer.publish.Claim;
import io.lift.trainer.publish.TaskTables;
import io.lift.trainer.retrain.RetrainingBudget;
import io.lift.trainer.retrain.RetrainingMeters;
import io.lift.trainer.round.FineTuner;
import io.lift.trainer.round.Round;
import io.lift.trainer.round.TrainerSettings;
import java.util.Optional;

/**
 * The partitions and tasks that are assigned to this trainer, and the work of its training thread.
 * Only reachable through its {@link Monitor}.
 */
final class AssignmentState {
  private final AssignedPartitions partitions;
  private final AssignedTasks tasks;
  private final GroupOffsets offsets;
  private final CurrentRetraining retraining;
  private final RoundTurns turns;
  private final WorkPlanner planner;
  private boolean closed;

  /**
   * @param prompts the topic whose partitions are assigned
   */
  AssignmentState(
      Topic<PromptMessage> prompts,
      TrainerSettings settings,
      FineTuner.Factory factory,
      TaskTables tables,
      RetrainingMeters meters) {
    partitions = new AssignedPartitions(prompts);
    tasks = new AssignedTasks(settings, factory.baseModel(), tables);
    offsets = new GroupOffsets(partitions, tasks);
    retraining = new CurrentRetraining(tasks, meters);
    turns = new RoundTurns(tasks, settings.sharing());
    planner = new WorkPlanner(offsets, tasks, retraining, new RetrainingBudget(settings, factory));
  }

  AssignedPartitions partitions() {
    return partitions;
  }

  AssignedTasks tasks() {
    return tasks;
  }

  CurrentRetraining retraining() {
    return retraining;
  }

  RoundTurns turns() {
    return turns;
  }

  WorkPlanner planner() {
    return planner;
  }

  /** Whether the trainer stops: nothing is begun any more. */
  boolean closed() {
    return closed;
  }

  void close() {
    closed = true;
  }

  /**
   * What may be committed for a partition; empty if the assignment has ended.
   *
   * @param entering the round whose checkpoint is committed with it, or null
   */
  Optional<Claim> claim(PartitionAssignment partition, Round entering) {
    return partitions.position(partition).map(position -> offsets.claim(position, entering));
  }
}
