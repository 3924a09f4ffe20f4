package io.lift.model.incontext;

import java.util.Arrays;

/** The distribution of a column of numbers in the rows in context; NaN is a missing one. */
final class Scale {
  private static final double MAX_DEVIATIONS = 3;

  private final double[] sorted;
  private final double mean;
  private final double deviation;

  private Scale(double[] sorted, double mean, double deviation) {
    this.sorted = sorted;
    this.mean = mean;
    this.deviation = deviation;
  }

  static Scale of(double[] numbers) {
    double[] sorted = Arrays.stream(numbers).filter(x -> !Double.isNaN(x)).sorted().toArray();
    double mean = Arrays.stream(sorted).average().orElse(0);
    double square = Arrays.stream(sorted).map(x -> (x - mean) * (x - mean)).average().orElse(0);
    return new Scale(sorted, mean, Math.sqrt(square));
  }

  /** Whether all its numbers are the same. */
  boolean constant() {
    return sorted.length == 0 || sorted[0] == sorted[sorted.length - 1] || !(deviation > 0);
  }

  /** In standard deviations from the mean, at most three; 0 for a missing number. */
  double value(double x) {
    if (Double.isNaN(x)) {
      return 0;
    }
    return Math.max(-MAX_DEVIATIONS, Math.min(MAX_DEVIATIONS, (x - mean) / deviation));
  }

  /** The share of the column's numbers below it less the share above it; 0 for a missing number. */
  double rank(double x) {
    if (Double.isNaN(x)) {
      return 0;
    }
    return (first(x, false) + first(x, true)) / (double) sorted.length - 1;
  }

  /** How many of the column's numbers are smaller, or not greater. */
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
