package io.lift.model.incontext;

import java.util.Arrays;

/** What the rows in context tell of a column of numbers; NaN is a missing one. */
final class Scale {
  private static final double FURTHEST = 3;

  private final double[] sorted;
  private final double mean;
  private final double deviation;

  private Scale(double[] sorted, double mean, double deviation) {
    this.sorted = sorted;
    this.mean = mean;
    this.deviation = deviation;
  }

  static Scale of(double[] seen) {
    double[] sorted = Arrays.stream(seen).filter(x -> !Double.isNaN(x)).sorted().toArray();
    double mean = Arrays.stream(sorted).average().orElse(0);
    double square = Arrays.stream(sorted).map(x -> (x - mean) * (x - mean)).average().orElse(0);
    return new Scale(sorted, mean, Math.sqrt(square));
  }

  /** Whether it tells no rows apart. */
  boolean constant() {
    return sorted.length == 0 || sorted[0] == sorted[sorted.length - 1] || !(deviation > 0);
  }

  /** In standard deviations from the mean, at most three; 0 for a missing number. */
  double value(double x) {
    if (Double.isNaN(x)) {
      return 0;
    }
    return Math.max(-FURTHEST, Math.min(FURTHEST, (x - mean) / deviation));
  }

  /** The share of the seen numbers below it less the share above it; 0 for a missing number. */
  double rank(double x) {
    if (Double.isNaN(x)) {
      return 0;
    }
    return (first(x, false) + first(x, true)) / (double) sorted.length - 1;
  }

  /** How many of the seen numbers are smaller, or not greater. */
  private int first(double x, boolean after) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) / 2;
      if (sorted[middle] < x || after && sorted[middle] == x) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
