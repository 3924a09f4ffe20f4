package io.lift.bench.paper;

import io.lift.core.task.TaskType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The paper's generated regressions: 200 training and 50 validation rows with Gaussian noise of a
 * tenth of the targets' deviation, 100 test rows without any. All coordinates are the authors' own
 * (NumPy seeded with 123, training and validation rows first); the noise, and which rows train, are
 * drawn by the run.
 */
final class FunctionSets {
  static final String TARGET = "y";

  /** The coordinates that are learned lie between plus and minus this. */
  static final double RANGE = 10;

  private static final int SEED = 123;
  private static final int TRAIN = 200;
  private static final int VALID = 50;
  private static final int TEST = 100;
  private static final int GRID = 161;
  private static final double NOISE = 0.1;

  private FunctionSets() {}

  /**
   * @param columns coordinates of a row
   */
  static SetData of(String name, TestFunction function, int columns, int run) {
    MersenneTwister random = new MersenneTwister(SEED);
    double[][] known = uniform(random, TRAIN + VALID, columns);
    double[][] test = uniform(random, TEST, columns);
    double[] y = Arrays.stream(known).mapToDouble(function::at).toArray();
    double noise = NOISE * deviation(y);
    Random drawn = new Random(run);
    List<Map<String, String>> rows = new ArrayList<>();
    for (int i = 0; i < known.length; i++) {
      rows.add(row(known[i], y[i] + noise * drawn.nextGaussian()));
    }
    Collections.shuffle(rows, drawn);
    return new SetData(
        name,
        TARGET,
        TaskType.REGRESSION,
        List.copyOf(rows.subList(0, TRAIN)),
        List.copyOf(rows.subList(TRAIN, rows.size())),
        Arrays.stream(test).map(x -> row(x, function.at(x))).toList());
  }

  /** The same with one column, but tested on a grid over twice the range. */
  static SetData outside(String name, TestFunction function, int run) {
    List<Map<String, String>> grid = new ArrayList<>();
    for (int i = 0; i < GRID; i++) {
      double x = 2 * RANGE * (2.0 * i / (GRID - 1) - 1);
      grid.add(row(new double[] {x}, function.at(x)));
    }
    return of(name, function, 1, run).withTest(grid);
  }

  /** [row][column], row by row as NumPy fills an array. */
  static double[][] uniform(MersenneTwister random, int rows, int columns) {
    double[][] x = new double[rows][columns];
    for (double[] row : x) {
      for (int column = 0; column < columns; column++) {
        row[column] = random.nextDouble(-RANGE, RANGE);
      }
    }
    return x;
  }

  private static Map<String, String> row(double[] x, double y) {
    Map<String, String> row = new LinkedHashMap<>();
    for (int column = 0; column < x.length; column++) {
      row.put("x" + (column + 1), Double.toString(x[column]));
    }
    row.put(TARGET, Double.toString(y));
    return row;
  }

  private static double deviation(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double variance = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(variance / values.length);
  }
}
