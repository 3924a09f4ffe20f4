package io.lift.model.online;

/**
 * A classifier that learns one row after the other. The same rows in the same order give the same
 * answers. Not thread-safe.
 */
public interface OnlineLearner {
  /**
   * Learns a row.
   *
   * @param cells one per column: a position on the column's grid or the index of a category, -1 for
   *     a missing value
   * @param label from 0
   */
  void learn(int[] cells, int label);

  /**
   * Answers a row.
   *
   * @return one probability per label, summing to 1
   */
  double[] probabilities(int[] cells);

  /** A learner in the same state, which learns apart from this one. */
  OnlineLearner copy();
}
