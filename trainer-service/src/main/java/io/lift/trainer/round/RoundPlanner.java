package io.lift.trainer.round;

import io.lift.trainer.prompts.TaskWindow;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Decides which task trains next. Pure: the clock comes in as an argument.
 *
 * <ul>
 *   <li>A first round starts with {@code firstRound} rows. If the task does not insist on that
 *       number, {@link RoundPolicy#FEW_ROWS} are enough once the oldest has waited for the round's
 *       seconds.
 *   <li>A further round starts with {@code roundRows} fresh rows, or when the oldest fresh row has
 *       waited for the round's seconds.
 *   <li>A further round starts as soon as the row is there that showed a drift.
 *   <li>When the trainer's buffer is full, any fresh row starts a round, because no newer one can
 *       come.
 *   <li>After a round that failed, the task waits for at least one newer row.
 *   <li>A round that has been paused is due.
 *   <li>Among tasks that are due, those whose first round has not begun come first. Then comes the
 *       task that has waited longest, times its priority: its oldest fresh row, or its round since
 *       it was paused.
 * </ul>
 */
public final class RoundPlanner {
  private RoundPlanner() {}

  /**
   * The task to train now; empty if none is due.
   *
   * @param now epoch milliseconds
   * @param full whether the trainer's buffer is full
   */
  public static <T extends RoundCandidate> Optional<T> next(
      Collection<T> tasks, long now, boolean full) {
    return tasks.stream()
        .filter(task -> dueAt(task, full) <= now)
        .max(
            Comparator.comparing((T task) -> beginsFirst(task))
                .thenComparingDouble(task -> task.priority() * (now - waitsSince(task))));
  }

  /** Whether the next round of a task would be its first, and has not begun. */
  public static boolean beginsFirst(RoundCandidate task) {
    return !task.started() && task.pausedAt() == 0;
  }

  private static long waitsSince(RoundCandidate task) {
    return task.pausedAt() > 0 ? task.pausedAt() : task.window().oldestFresh().arrivedAt();
  }

  /**
   * When the task will be due if no further row comes, in epoch milliseconds; {@link
   * Long#MAX_VALUE} if it will not.
   */
  public static long dueAt(RoundCandidate task, boolean full) {
    TaskWindow window = task.window();
    RoundPolicy policy = task.policy();
    int fresh = window.fresh();
    if (task.pausedAt() > 0) {
      return 0;
    }
    if (fresh == 0) {
      return Long.MAX_VALUE;
    }
    if (full) {
      return 0;
    }
    if (failed(task)) {
      return Long.MAX_VALUE;
    }
    if (!task.started()) {
      if (fresh >= policy.firstRound()) {
        return 0;
      }
      return policy.waitForFirst() || fresh < RoundPolicy.FEW_ROWS
          ? Long.MAX_VALUE
          : window.oldestFresh().arrivedAt() + policy.roundMillis();
    }
    return task.dueNow() || fresh >= policy.roundRows()
        ? 0
        : window.oldestFresh().arrivedAt() + policy.roundMillis();
  }

  /** Whether a round of the task has failed and no newer row has come since. */
  public static boolean failed(RoundCandidate task) {
    return task.window().fresh() > 0 && task.window().newestFresh().offset() < task.failedTo();
  }
}
