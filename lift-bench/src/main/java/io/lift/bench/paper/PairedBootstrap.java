package io.lift.bench.paper;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The bootstrap interval of a mean difference between two methods that answered the same test rows
 * (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, the percentile method). The
 * statistic is the mean over sets of the mean difference over a set's rows. Each resample draws the
 * rows of every set with replacement; the sets stay the same.
 */
final class PairedBootstrap {
  /** Resamples of an interval in the report. */
  static final int RESAMPLES = 2_000;

  private static final long SEED = 1;

  private PairedBootstrap() {}

  /**
   * A difference with its 95 % interval.
   *
   * @param difference mean over the sets
   * @param low 2.5 % quantile of the resamples
   * @param high their 97.5 % quantile
   */
  record Interval(double difference, double low, double high) {

    /** Whether the interval holds 0, so that the difference may be noise. */
    boolean isNoise() {
      return low <= 0 && high >= 0;
    }
  }

  /**
   * @param sets for each set the differences of its test rows, each a mean over the runs
   * @param resamples how many
   * @throws IllegalArgumentException if there is no set, or one without rows
   */
  static Interval of(List<double[]> sets, int resamples) {
    if (sets.isEmpty() || sets.stream().anyMatch(rows -> rows.length == 0)) {
      throw new IllegalArgumentException("a difference needs rows in every set");
    }
    double difference =
        sets.stream().mapToDouble(rows -> Arrays.stream(rows).sum() / rows.length).sum()
            / sets.size();
    SplittableRandom random = new SplittableRandom(SEED);
    double[] means = new double[resamples];
    for (int r = 0; r < resamples; r++) {
      for (double[] rows : sets) {
        double sum = 0;
        for (int i = 0; i < rows.length; i++) {
          sum += rows[random.nextInt(rows.length)];
        }
        means[r] += sum / rows.length / sets.size();
      }
    }
    Arrays.sort(means);
    return new Interval(difference, quantile(means, 0.025), quantile(means, 0.975));
  }

  /** With linear interpolation between the two nearest values, as NumPy computes it. */
  private static double quantile(double[] sorted, double q) {
    double place = q * (sorted.length - 1);
    int below = (int) Math.floor(place);
    int above = Math.min(sorted.length - 1, below + 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
