package io.lift.core.prompt;

import io.lift.core.task.Extrapolation;
import io.lift.core.task.NumberScale;
import io.lift.core.task.NumberStats;

/**
 * A grid of numbers: a value is encoded as an integer 0..99, {@code clip(round(50 + 50 (s(value) -
 * center) / halfRange), 0, 99)}, where s is the column's {@link NumberScale} if it has one. Cell
 * {@code i} holds the values that round to {@code i}. Values outside of the grid are in the first
 * or last cell.
 *
 * @param center the value in the middle of cell 50, on the scale
 * @param halfRange distance from the center to the middle of cell 0, on the scale; 0 if all values
 *     are the same
 * @param scale the scale of the values; null for the plain one
 */
public record NumberGrid(double center, double halfRange, NumberScale scale) {
  /** Number of cells. */
  public static final int SIZE = 100;

  private static final int MIDDLE = SIZE / 2;

  /** Distance from the mean to the end of a feature's grid, in standard deviations. */
  private static final int REACH = 3;

  /** The same for a target. */
  private static final int TARGET_REACH = 4;

  /** The grid of a feature: its mean plus and minus three standard deviations, on its scale. */
  public static NumberGrid ofFeature(NumberStats stats) {
    NumberScale scale = stats.scale();
    return scale == null
        ? new NumberGrid(stats.mean(), REACH * stats.deviation(), null)
        : new NumberGrid(scale.mean(), REACH * scale.deviation(), scale);
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
    NumberScale scale = stats.scale();
    double least = place(scale, stats.min());
    double most = place(scale, stats.max());
    double mean = scale == null ? stats.mean() : scale.mean();
    double reach = TARGET_REACH * (scale == null ? stats.deviation() : scale.deviation());
    double margin = (most - least) / 10;
    return between(
        Math.max(mean - reach, least - margin), Math.min(mean + reach, most + margin), scale);
  }

  /**
   * The grid of what a linear part leaves over of a target.
   *
   * @param residual its statistics on the target's scale
   * @param scale the scale of the target; null for the plain one
   */
  static NumberGrid ofResidual(Extrapolation.Residual residual, NumberScale scale) {
    double margin = (residual.max() - residual.min()) / 10;
    double reach = TARGET_REACH * residual.deviation();
    return between(
        Math.max(residual.mean() - reach, residual.min() - margin),
        Math.min(residual.mean() + reach, residual.max() + margin),
        scale);
  }

  /** The grid whose first cell starts at {@code lower} and last cell ends at {@code upper}. */
  static NumberGrid between(double lower, double upper) {
    return between(lower, upper, null);
  }

  /** The same with ends that are places on a scale. */
  static NumberGrid between(double lower, double upper, NumberScale scale) {
    double halfRange = (upper - lower) / 2;
    return new NumberGrid(lower + halfRange * (MIDDLE + 0.5) / MIDDLE, halfRange, scale);
  }

  /** The cell of a finite value. */
  public int encode(double value) {
    return encode(value, 0);
  }

  /**
   * The cell of what a linear part leaves over of a value.
   *
   * @param offset the linear part, on the scale
   */
  int encode(double value, double offset) {
    if (!(halfRange > 0)) {
      return MIDDLE;
    }
    double cell =
        Math.rint(MIDDLE + MIDDLE * ((place(scale, value) - offset - center) / halfRange));
    return (int) Math.max(0, Math.min(SIZE - 1, cell));
  }

  /** The value in the middle of a cell. */
  public double decode(int cell) {
    return value(center + (cell - MIDDLE) * width());
  }

  /** The lower edge of a cell; {@code edge(SIZE)} is the upper edge of the last cell. */
  public double edge(int cell) {
    return value(edgePlace(cell));
  }

  /**
   * A quantile of a distribution over the cells, interpolated linearly inside a cell of the scale.
   *
   * @param probabilities one per cell, summing to 1
   * @param share probability below the quantile, 0..1
   */
  public double quantile(double[] probabilities, double share) {
    return value(quantilePlace(probabilities, share));
  }

  /** The place of a quantile on the grid's scale. */
  double quantilePlace(double[] probabilities, double share) {
    double below = 0;
    for (int cell = 0; cell < SIZE; cell++) {
      double p = probabilities[cell];
      if (p > 0 && below + p >= share) {
        return edgePlace(cell) + width() * Math.max(0, (share - below) / p);
      }
      below += p;
    }
    return edgePlace(SIZE);
  }

  /** The value at a place on the grid's scale. */
  double value(double place) {
    return scale == null ? place : scale.value(place);
  }

  private double edgePlace(int cell) {
    return center + (cell - MIDDLE - 0.5) * width();
  }

  private double width() {
    return halfRange / MIDDLE;
  }

  private static double place(NumberScale scale, double value) {
    return scale == null ? value : scale.of(value);
  }
}
