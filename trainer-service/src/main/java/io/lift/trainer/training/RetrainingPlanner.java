package io.lift.trainer.training;

import io.lift.messages.CheckpointManifest;

/**
 * Decides which task has outgrown its committee. Pure.
 *
 * <ul>
 *   <li>The committee was begun with a smaller budget than a renewal's, or with at most a quarter
 *       of the rows that are in the window now.
 *   <li>There are {@link #FEWEST_ROWS} in the window, and they are four fifths of all that the
 *       lineage has learnt: a renewed committee knows nothing of the others.
 *   <li>The newest fifth of them is held back to judge the renewal by; for {@link #FEWEST_JUDGED}
 *       of those rows it is known how likely their answer was held before they were learnt.
 *   <li>After a renewal in vain the window grows by half first.
 * </ul>
 */
final class RetrainingPlanner {
  static final int FEWEST_ROWS = 200;
  static final int FEWEST_JUDGED = 30;
  private static final int MOST_HELD_BACK = 1_000;

  private RetrainingPlanner() {}

  /**
   * @param budget of a renewal; 0 if the task has none
   */
  static boolean outgrown(TaskTraining task, double budget) {
    CheckpointManifest parent = task.parent();
    int rows = task.window().rehearsed();
    if (budget <= 0 || parent == null || rows < FEWEST_ROWS || 5L * rows < 4 * parent.rows()) {
      return false;
    }
    LineageOrigin begun = LineageOrigin.of(parent);
    return (begun.budget() < budget || 4 * begun.rows() <= rows)
        && task.memory().grown(rows)
        && task.memory().servedFrom(heldBackFrom(task)).size() >= FEWEST_JUDGED;
  }

  /** Offset of the first row that a renewal begun now would not learn. */
  static long heldBackFrom(TaskTraining task) {
    int rows = task.window().rehearsed();
    return task.window().rehearsedAt(rows - Math.min(MOST_HELD_BACK, rows / 5)).offset();
  }
}
