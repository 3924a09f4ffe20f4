package io.lift.core.table;

import io.lift.core.task.NumberScale;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Decides from a sample of a column's values whether they need a {@link NumberScale}: whether the
 * column's own grid would put many different values into few cells.
 */
final class ScaleInference {
  /** Values in the sample. */
  private static final int SAMPLE = 1000;

  /** Fewer different values are told apart by any grid, or are codes. */
  private static final int MIN_DISTINCT = 20;

  /** Standard deviations in a cell of a grid. */
  private static final double CELL = 0.06;

  /**
   * Between the tenth, fiftieth and ninetieth percent of the different values there are at least
   * this many cells; a normal distribution has 21, and a logarithmic one with a deviation of 1.3
   * has 3.
   */
  private static final int MIN_CELLS = 3;

  /** Halves whose lengths differ by this factor are skewed. */
  private static final double SKEWED = 3;

  private final SplittableRandom random = new SplittableRandom(1);
  private double[] sample = new double[16];
  private int size;
  private long seen;

  /** Adds a value; the sample is uniform over all values (reservoir sampling, algorithm R). */
  void add(double value) {
    seen++;
    if (size < SAMPLE) {
      if (size == sample.length) {
        sample = Arrays.copyOf(sample, Math.min(SAMPLE, 2 * size));
      }
      sample[size++] = value;
      return;
    }
    long at = random.nextLong(seen);
    if (at < SAMPLE) {
      sample[(int) at] = value;
    }
  }

  /**
   * The scale that the column needs; null if it needs none.
   *
   * @param deviation standard deviation of all values
   */
  NumberScale scale(double deviation) {
    double[] distinct = Arrays.stream(sample, 0, size).sorted().distinct().toArray();
    if (distinct.length < MIN_DISTINCT) {
      return null;
    }
    double low = quantile(distinct, 0.1);
    double middle = quantile(distinct, 0.5);
    double high = quantile(distinct, 0.9);
    double below = middle - low;
    double above = high - middle;
    if (Math.min(below, above) >= MIN_CELLS * CELL * deviation) {
      return null;
    }
    double least = distinct[0];
    double most = distinct[distinct.length - 1];
    double center = middle;
    double unit = (high - low) / 2;
    if (above > SKEWED * below) {
      center = least >= 0 ? 0 : least;
      unit = (low - center) / 2;
    } else if (below > SKEWED * above) {
      center = most <= 0 ? 0 : most;
      unit = (center - high) / 2;
    }
    if (!(unit > 0) || !Double.isFinite((most - least) / unit)) {
      return null;
    }
    return measured(new NumberScale(center, unit, 0, 0));
  }

  /** The scale with the mean and the deviation of the sample on it. */
  private NumberScale measured(NumberScale scale) {
    double mean = Arrays.stream(sample, 0, size).map(scale::of).average().orElse(0);
    double variance =
        Arrays.stream(sample, 0, size)
            .map(value -> Math.pow(scale.of(value) - mean, 2))
            .average()
            .orElse(0);
    return new NumberScale(scale.center(), scale.unit(), mean, Math.sqrt(variance));
  }

  private static double quantile(double[] sorted, double share) {
    return sorted[(int) Math.round(share * (sorted.length - 1))];
  }
}
