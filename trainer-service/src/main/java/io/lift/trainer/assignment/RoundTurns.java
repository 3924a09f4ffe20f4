package io.lift.trainer.assignment;

import io.lift.trainer.round.Round;
import io.lift.trainer.round.RoundControl.Next;
import io.lift.trainer.round.RoundPlanner;
import io.lift.trainer.round.RoundSharing;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whose turn it is to train: how long the running round goes on, and the rounds that have been
 * paused. Only reachable through its {@link Monitor}.
 *
 * <p>A round that has used its time ({@link RoundSharing#trainingSeconds}) is cut where newer rows
 * of its task wait, so that they are learned in time. Where none do, as behind a producer that
 * waits, it is trained in full. It makes room after a slice if other tasks wait, and after a second
 * if one of them has had no training at all. A first round has its own time before that.
 */
final class RoundTurns {
  /** Of the time of a round that is cut, the closing steps take a fifth. */
  private static final double BEFORE_CLOSING = 0.8;

  /** What a round is taken to take beside its steps before one has ended, in seconds. */
  private static final double UNKNOWN_BESIDE = 1;

  private final AssignedTasks tasks;
  private final RoundSharing sharing;
  private final Map<String, Double> beside = new HashMap<>(); // seconds by task
  private double lastBeside = UNKNOWN_BESIDE;

  RoundTurns(AssignedTasks tasks, RoundSharing sharing) {
    this.tasks = tasks;
    this.sharing = sharing;
  }

  /**
   * What follows a step of a round.
   *
   * @param running the round's work
   * @param other whether work that is no round waits
   * @param now epoch milliseconds
   */
  Next after(RunningWork running, Round round, boolean other, long now) {
    if (running.cancelled()) {
      return Next.STOP;
    }
    if (running.isCut()) {
      return Next.CUT;
    }
    TaskTraining task = running.task();
    double share = share(task, now);
    double time = sharing.trainingSeconds(share, beside.getOrDefault(task.name(), lastBeside));
    double trained = running.trainedMillis() / 1000.0;
    boolean used = trained >= BEFORE_CLOSING * time;
    if (used && task.window().firstFreshFrom(round.range().to()) != Long.MAX_VALUE) {
      running.cut();
      return Next.CUT;
    }
    double slice = running.sliceMillis() / 1000.0;
    if (slice < RoundSharing.LEAST_SLICE || paused() >= sharing.pausedRounds()) {
      return Next.CONTINUE;
    }
    Optional<TaskTraining> next =
        RoundPlanner.next(
            tasks.trainings().stream().filter(any -> any != task).toList(), now, tasks.full());
    boolean ownFirstTime = !task.started() && !used;
    boolean turn =
        next.filter(RoundPlanner::beginsFirst).isPresent()
            || (next.isPresent() && slice >= sharing.sliceSeconds(share));
    return other || (turn && !ownFirstTime) ? Next.PAUSE : Next.CONTINUE;
  }

  /** The part of all priorities of tasks with work that a task has, 0 to 1. */
  private double share(TaskTraining task, long now) {
    double others =
        tasks.trainings().stream()
            .filter(any -> any != task)
            .filter(any -> RoundPlanner.dueAt(any, tasks.full()) != Long.MAX_VALUE)
            .mapToDouble(TaskTraining::priority)
            .sum();
    return task.priority() / (task.priority() + others);
  }

  /** A round of a task has been published; it took some time beside its steps. */
  void ended(TaskTraining task, long besideMillis) {
    lastBeside = besideMillis / 1000.0;
    beside.put(task.name(), lastBeside);
  }

  /** How many rounds are paused. */
  int paused() {
    return (int) tasks.trainings().stream().filter(task -> task.pausedAt() > 0).count();
  }
}
