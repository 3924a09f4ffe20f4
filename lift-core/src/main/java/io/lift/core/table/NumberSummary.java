package io.lift.core.table;

import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskSpecs;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.List;

/** Statistics of finite numbers, one after the other: Welford's running mean and squares. */
final class NumberSummary {
  private long count;
  private double mean;
  private double squares;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private boolean whole = true; // all numbers are integers
  private boolean rising = true; // each number is above the one before
  private boolean counting = true; // each number is one above the one before
  private double last = Double.NEGATIVE_INFINITY;
  private final ScaleInference scale = new ScaleInference();

  void add(double number) {
    count++;
    double delta = number - mean;
    mean += delta / count;
    squares += delta * (number - mean);
    min = Math.min(min, number);
    max = Math.max(max, number);
    scale.add(number);
    whole &= number == Math.rint(number);
    rising &= number > last;
    counting &= count == 1 || number == last + 1;
    last = number;
  }

  long count() {
    return count;
  }

  double min() {
    return min;
  }

  double max() {
    return max;
  }

  boolean whole() {
    return whole;
  }

  boolean rising() {
    return rising;
  }

  boolean counting() {
    return counting;
  }

  /**
   * The statistics.
   *
   * @param distinct values to be kept apart by the decimals
   */
  NumberStats stats(Collection<Double> distinct) {
    double deviation = Math.sqrt(Math.max(0, squares) / count);
    return new NumberStats(
        count, mean, deviation, min, max, decimals(distinct), scale.scale(deviation));
  }

  /** The fewest digits after the point that keep values distinct; 0 only if all are integers. */
  private int decimals(Collection<Double> distinct) {
    if (whole) {
      return 0;
    }
    List<BigDecimal> values = distinct.stream().map(BigDecimal::valueOf).toList();
    long distinctValues = values.stream().map(BigDecimal::stripTrailingZeros).distinct().count();
    for (int decimals = 1; decimals < TaskSpecs.MAX_DECIMALS; decimals++) {
      int scale = decimals;
      if (distinctValues
          == values.stream()
              .map(value -> value.setScale(scale, RoundingMode.HALF_EVEN))
              .distinct()
              .count()) {
        return decimals;
      }
    }
    return TaskSpecs.MAX_DECIMALS;
  }
}
