package io.lift.core.prompt;

import io.lift.core.task.NumberStats;

/**
 * A grid of numbers: a value is encoded as an integer 0..99, {@code clip(round(50 + 50 (value -
 * center) / halfRange), 0, 99)}. Cell {@code i} holds the values that round to {@code i}. Values
 * outside of the grid are in the first or last cell.
 *
 * @param center the value in the middle of cell 50
 * @param halfRange distance from the center to the middle of cell 0; 0 if all values are the same
 */
public record NumberGrid(double center, double halfRange) {
  /** Number of cells. */
  public static final int SIZE = 100;

  private static final int MIDDLE = SIZE / 2;

  /** Distance from the mean to the end of a feature's grid, in standard deviations. */
  private static final int REACH = 3;

  /** The grid of a feature: its mean plus and minus three standard deviations. */
  public static NumberGrid ofFeature(NumberStats stats) {
    return new NumberGrid(stats.mean(), REACH * stats.deviation());
  }

  /** The middle of a cell of a feature's grid, in standard deviations above the mean. */
  public static double deviations(int cell) {
    return (double) REACH * (cell - MIDDLE) / MIDDLE;
  }

  /**
   * The grid of a regression target: its mean plus and minus four standard deviations, but at most
   * a tenth of the range beyond the smallest and largest value.
   */
  public static NumberGrid ofTarget(NumberStats stats) {
    double margin = (stats.max() - stats.min()) / 10;
    return between(
        Math.max(stats.mean() - 4 * stats.deviation(), stats.min() - margin),
        Math.min(stats.mean() + 4 * stats.deviation(), stats.max() + margin));
  }

  /**
   * The grid whose first cell starts at {@code lower} and whose last cell ends at {@code upper}.
   */
  static NumberGrid between(double lower, double upper) {
    double halfRange = (upper - lower) / 2;
    return new NumberGrid(lower + halfRange * (MIDDLE + 0.5) / MIDDLE, halfRange);
  }

  /** The cell of a finite value. */
  public int encode(double value) {
    if (!(halfRange > 0)) {
      return MIDDLE;
    }
    double cell = Math.rint(MIDDLE + MIDDLE * ((value - center) / halfRange));
    return (int) Math.max(0, Math.min(SIZE - 1, cell));
  }

  /** The value in the middle of a cell. */
  public double decode(int cell) {
    return center + (cell - MIDDLE) * width();
  }

  /** The lower edge of a cell; {@code edge(SIZE)} is the upper edge of the last cell. */
  public double edge(int cell) {
    return center + (cell - MIDDLE - 0.5) * width();
  }

  /**
   * A quantile of a distribution over the cells, interpolated linearly inside a cell.
   *
   * @param probabilities one per cell, summing to 1
   * @param share probability below the quantile, 0..1
   */
  public double quantile(double[] probabilities, double share) {
    double below = 0;
    for (int cell = 0; cell < SIZE; cell++) {
      double p = probabilities[cell];
      if (p > 0 && below + p >= share) {
        return edge(cell) + width() * Math.max(0, (share - below) / p);
      }
      below += p;
    }
    return edge(SIZE);
  }

  private double width() {
    return halfRange / MIDDLE;
  }
}
