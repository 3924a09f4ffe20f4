package io.lift.model.scoring;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * A distribution over numbers as cells that may overlap, uniform inside. The cell of a written
 * number holds all values that round to it. The cell of the prefix {@code 12.} is everything from
 * there to 13.
 *
 * @param cells with their probabilities, which sum to 1
 * @param unresolved probability of the cells that are wider than wanted
 */
public record NumberDistribution(List<Cell> cells, double unresolved) {

  /**
   * One cell.
   *
   * @param lower where it begins
   * @param upper where it ends
   * @param probability of all its numbers
   */
  public record Cell(double lower, double upper, double probability) {
    double below(double value) {
      double share = upper == lower ? 1 : (value - lower) / (upper - lower);
      return probability * Math.max(0, Math.min(1, value < lower ? 0 : share));
    }
  }

  public NumberDistribution {
    cells = List.copyOf(cells);
  }

  public double mean() {
    return cells.stream().mapToDouble(c -> c.probability() * (c.lower() + c.upper()) / 2).sum();
  }

  public double median() {
    return quantile(0.5);
  }

  /** The probability of all numbers up to a value. */
  public double below(double value) {
    return cells.stream().mapToDouble(cell -> cell.below(value)).sum();
  }

  /**
   * The value with a share of the probability below it.
   *
   * @param share 0..1
   */
  public double quantile(double share) {
    // the distribution function is linear between neighbouring ends of cells
    double[] ends =
        cells.stream()
            .flatMapToDouble(cell -> DoubleStream.of(cell.lower(), cell.upper()))
            .sorted()
            .distinct()
            .toArray();
    double target = share * below(ends[ends.length - 1]);
    int from = 0;
    int to = ends.length - 1;
    while (to - from > 1) {
      int middle = (from + to) >>> 1;
      if (below(ends[middle]) < target) {
        from = middle;
      } else {
        to = middle;
      }
    }
    double left = below(ends[from]);
    double right = below(ends[to]);
    double part = right == left ? 0 : Math.max(0, (target - left) / (right - left));
    return ends[from] + (ends[to] - ends[from]) * Math.min(1, part);
  }

  /** The sum of all probabilities; 1 up to rounding. */
  double total() {
    return Arrays.stream(cells.stream().mapToDouble(Cell::probability).toArray()).sum();
  }
}
