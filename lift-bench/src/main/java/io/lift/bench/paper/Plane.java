package io.lift.bench.paper;

import java.util.List;
import java.util.Map;

/**
 * The part of the plane that a set of two number columns covers, with a margin of a tenth.
 *
 * @param columnX the first column
 * @param columnY the second column
 */
record Plane(String columnX, String columnY, double left, double right, double low, double high) {
  private static final double MARGIN = 0.1;

  /**
   * @throws IllegalArgumentException if the set does not have two columns
   */
  static Plane of(SetData data) {
    List<String> columns =
        data.train().get(0).keySet().stream().filter(c -> !c.equals(data.target())).toList();
    if (columns.size() != 2) {
      throw new IllegalArgumentException(data.name() + " does not have two columns");
    }
    double[] x = range(data.train(), columns.get(0));
    double[] y = range(data.train(), columns.get(1));
    return new Plane(columns.get(0), columns.get(1), x[0], x[1], y[0], y[1]);
  }

  private static double[] range(List<Map<String, String>> rows, String column) {
    var numbers =
        rows.stream().mapToDouble(r -> Double.parseDouble(r.get(column))).summaryStatistics();
    double margin = MARGIN * (numbers.getMax() - numbers.getMin());
    return new double[] {numbers.getMin() - margin, numbers.getMax() + margin};
  }

  /**
   * @param part 0 at the left, 1 at the right
   */
  double x(double part) {
    return left + part * (right - left);
  }

  /**
   * @param part 0 at the bottom, 1 at the top
   */
  double y(double part) {
    return low + part * (high - low);
  }

  /** Where a row lies, from 0 at the left to 1 at the right. */
  double partX(Map<String, String> row) {
    return (Double.parseDouble(row.get(columnX)) - left) / (right - left);
  }

  /** Where a row lies, from 0 at the bottom to 1 at the top. */
  double partY(Map<String, String> row) {
    return (Double.parseDouble(row.get(columnY)) - low) / (high - low);
  }
}
