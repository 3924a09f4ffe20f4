package io.lift.trainer.retrain;

import io.lift.messages.CheckpointManifest;
import io.lift.trainer.prompts.TaskWindow;
import io.lift.trainer.publish.LineageOrigin;

/**
 * Decides which task has outgrown its ensemble. Pure.
 *
 * <ul>
 *   <li>The ensemble was started with a smaller budget than that of a retraining, or with at most a
 *       quarter of the rows that are in the window now.
 *   <li>The window holds at least {@link #FEWEST_ROWS} rows, and at least four fifths of all rows
 *       of the lineage, because a retrained ensemble is not trained on the others.
 *   <li>The newest fifth of the window is held back to compare the ensembles. Baseline scores are
 *       known for {@link #FEWEST_JUDGED} of these rows.
 *   <li>After a retraining without success the window has grown by half.
 * </ul>
 */
public final class RetrainingPlanner {
  static final int FEWEST_ROWS = 200;
  static final int FEWEST_JUDGED = 30;
  private static final int MOST_HELD_BACK = 1_000;

  private RetrainingPlanner() {}

  /**
   * Whether a task has outgrown its ensemble.
   *
   * @param parent the checkpoint that its next round continues from, or null
   * @param budget of a retraining; 0 if the task has none
   */
  public static boolean outgrown(
      CheckpointManifest parent, TaskWindow window, BaselineScores baseline, double budget) {
    int rows = window.rehearsed();
    if (budget <= 0 || parent == null || rows < FEWEST_ROWS || 5L * rows < 4 * parent.rows()) {
      return false;
    }
    LineageOrigin origin = LineageOrigin.of(parent);
    return (origin.budget() < budget || 4 * origin.rows() <= rows)
        && baseline.grown(rows)
        && baseline.from(heldBackFrom(window)).size() >= FEWEST_JUDGED;
  }

  /** Offset of the first row that a retraining started now would hold back. */
  public static long heldBackFrom(TaskWindow window) {
    int rows = window.rehearsed();
    return window.rehearsedAt(rows - Math.min(MOST_HELD_BACK, rows / 5)).offset();
  }
}
