package io.lift.model.incontext;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Columns as inputs of a ridge regression: numbers in standard deviations, an indicator of missing
 * ones, and an indicator of each category. Columns that predict better on their own come first
 * where there are too many.
 */
final class RidgeInputs {
  private static final int MOST = 128;
  private static final int FEWEST_ROWS = 2; // of an indicator
  private static final double LEAST_DEVIATION = 0.2;

  private final ColumnStatistics[] columns;
  private final List<Input> inputs = new ArrayList<>();

  /**
   * @param category of an indicator, NaN for missing values; null for the number itself
   * @param scale that the indicator is multiplied by
   */
  private record Input(int column, Double category, double scale) {}

  /**
   * @param context (columns, rows)
   * @param order of the columns, the most useful first
   */
  RidgeInputs(ColumnStatistics[] columns, double[][] context, int[] order) {
    this.columns = columns;
    for (int c : order) {
      int rows = context[c].length;
      if (columns[c].constant()) {
        continue;
      }
      if (!columns[c].category()) {
        inputs.add(new Input(c, null, 1));
      }
      TreeMap<Double, Integer> counts = new TreeMap<>();
      for (double x : context[c]) {
        if (columns[c].category() || Double.isNaN(x)) {
          counts.merge(x, 1, Integer::sum);
        }
      }
      counts.forEach(
          (category, count) -> {
            if (count >= FEWEST_ROWS && rows - count >= FEWEST_ROWS) {
              double share = count / (double) rows;
              double deviation = Math.max(LEAST_DEVIATION, Math.sqrt(share * (1 - share)));
              inputs.add(new Input(c, category, 1 / deviation));
            }
          });
    }
    while (inputs.size() > MOST) {
      inputs.remove(inputs.size() - 1);
    }
  }

  boolean isEmpty() {
    return inputs.isEmpty();
  }

  /** Places of the inputs that are numbers, the most useful first. */
  int[] numbers() {
    return IntStream.range(0, inputs.size())
        .filter(i -> inputs.get(i).category() == null)
        .toArray();
  }

  /**
   * The inputs of one row.
   *
   * @param cells (columns, rows)
   */
  double[] of(double[][] cells, int row) {
    double[] x = new double[inputs.size()];
    for (int i = 0; i < x.length; i++) {
      Input input = inputs.get(i);
      double cell = cells[input.column()][row];
      x[i] =
          input.category() == null
              ? columns[input.column()].value(cell)
              : Double.compare(cell, input.category()) == 0 ? input.scale() : 0;
    }
    return x;
  }
}
