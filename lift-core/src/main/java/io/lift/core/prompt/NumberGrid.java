package io.lift.core.prompt;

import io.lift.core.task.NumberStats;

/**
 * Numbers as integers 0..99: {@code clip(round(50 + 50 (value - center) / halfRange), 0, 99)}. Cell
 * {@code i} holds the values that round to {@code i}; values beyond the grid fall into the first or
 * last cell.
 *
 * @param center the value in the middle of cell 50
 * @param halfRange distance from the center to cell 0 (50 cells); 0 if all values are the same
 */
public record NumberGrid(double center, double halfRange) {
  /** Number of cells. */
  public static final int SIZE = 100;

  private static final int MIDDLE = SIZE / 2;

  /** How many standard deviations a feature's grid reaches from its mean. */
  private static final int REACH = 3;

  /** The grid of a feature: three standard deviations around its mean. */
  public static NumberGrid ofFeature(NumberStats stats) {
    return new NumberGrid(stats.mean(), REACH * stats.deviation());
  }

  /** How many standard deviations above a feature's mean a cell of its grid lies. */
  public static double deviations(int cell) {
    return (double) REACH * (cell - MIDDLE) / MIDDLE;
  }

  /**
   * The grid of a regression target: four standard deviations around its mean, but not further than
   * a tenth of the range beyond the values seen.
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

  /** The lower edge of a cell; {@code edge(SIZE)} is the upper edge of the last one. */
  public double edge(int cell) {
    return center + (cell - MIDDLE - 0.5) * width();
  }

  /**
   * The value below which a share of the probability lies, linear inside cells.
   *
   * @param probabilities one per cell, summing to 1
   * @param share 0..1
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
