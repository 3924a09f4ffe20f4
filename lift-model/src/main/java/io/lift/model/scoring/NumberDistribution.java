package io.lift.model.scoring;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * A distribution over numbers: cells that may overlap, uniform inside. A number written out is the
 * cell of all values that round to it; where the model was not asked further than {@code 12.}, the
 * cell is everything from there to 13.
 *
 * @param cells with their probabilities, which sum to 1
 * @param unresolved probability of cells wider than was asked for: their numbers were not told
 *     apart
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

  /** The probability of what is not above a value. */
  public double below(double value) {
    return cells.stream().mapToDouble(cell -> cell.below(value)).sum();
  }

  /**
   * The value that a share of the probability is not above.
   *
   * @param share 0..1
   */
  public double quantile(double share) {
    // between neighbouring ends of cells the distribution is a straight line
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

  /** The probability that is accounted for; 1 but for rounding. */
  double total() {
    return Arrays.stream(cells.stream().mapToDouble(Cell::probability).toArray()).sum();
  }
}
