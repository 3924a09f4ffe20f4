package io.lift.trainer.assignment;

import io.lift.trainer.prompts.PartitionPosition;
import io.lift.trainer.prompts.ReadingPlan;
import io.lift.trainer.publish.Claim;
import io.lift.trainer.round.Round;
import io.lift.trainer.round.RoundPlanner;
import java.util.Optional;

/**
 * What the consumer group commits for a partition. Only reachable through its {@link Monitor}.
 *
 * <p>The offset is that of the first row for which a round is due, now or by the clock, and which
 * no checkpoint holds: the lag of the group is the work that trainers have left. Rows of a task
 * that waits for more rows do not hold the offset back, and the offset never goes back to them. The
 * offset's metadata is a {@link ReadingPlan} with the rows of all windows of the partition, such
 * rows included, so a trainer that takes over has the same windows.
 */
final class GroupOffsets {
  /** How long an offset that has moved on waits for further moves. */
  private static final long PAUSE_MILLIS = 2_000;

  /** How long it waits while there is other work. */
  private static final long LONGEST_PAUSE_MILLIS = 60_000;

  private final AssignedPartitions partitions;
  private final AssignedTasks tasks;

  GroupOffsets(AssignedPartitions partitions, AssignedTasks tasks) {
    this.partitions = partitions;
    this.tasks = tasks;
  }

  /**
   * What may be committed for a partition.
   *
   * @param entering the round whose checkpoint is committed with it, or null
   */
  Claim claim(PartitionPosition position, Round entering) {
    ReadingPlan.Rows windows = new ReadingPlan.Rows();
    for (TaskTraining task : tasks.on(position.assignment())) {
      task.window().offsetsFrom(isOf(entering, task) ? entering.windowFrom() : 0, windows);
    }
    return partitions.claim(position, offset(position, entering), position.plan(windows));
  }

  private long offset(PartitionPosition position, Round entering) {
    long first = position.handledTo();
    for (TaskTraining task : tasks.on(position.assignment())) {
      if (isOf(entering, task)) {
        first = Math.min(first, task.window().firstFreshFrom(entering.range().to()));
      } else if (RoundPlanner.dueAt(task, false) != Long.MAX_VALUE) {
        first = Math.min(first, task.window().firstFreshFrom(0));
      }
    }
    return Math.max(first, position.committedTo());
  }

  private static boolean isOf(Round round, TaskTraining task) {
    return round != null && round.task().equals(task.name());
  }

  /** A partition whose offset has moved on without a checkpoint; empty if there is none. */
  Optional<PartitionPosition> moved(long now) {
    return movedUntriedSince(now - PAUSE_MILLIS);
  }

  /** The same, if its offset should be committed even if that delays other work. */
  Optional<PartitionPosition> overdue(long now) {
    return movedUntriedSince(now - LONGEST_PAUSE_MILLIS);
  }

  private Optional<PartitionPosition> movedUntriedSince(long triedBefore) {
    return partitions.positions().stream()
        .filter(position -> position.triedAt() <= triedBefore)
        .filter(position -> position.handledTo() > position.committedTo())
        .filter(position -> offset(position, null) > position.committedTo())
        .findFirst();
  }
}
