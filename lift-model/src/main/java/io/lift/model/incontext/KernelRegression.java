package io.lift.model.incontext;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Ridge regression on functions of the inputs, beside the inputs themselves. The functions are
 * Gaussian bumps around some of the rows (Smola and Schölkopf 2000), of one of two widths, which
 * follow smooth functions of several inputs, or the products of all pairs of numbers, which follow
 * curved borders. The choice has the least leave-one-out error.
 */
final class KernelRegression {
  private static final int CENTERS = 64;
  private static final int MOST_INPUTS = 32;
  private static final int MOST_FACTORS = 20; // numbers whose products are taken
  private static final int LEAST_ROWS = 40; // for products
  private static final int TRIED_ROWS = 400; // on which functions and penalty are chosen
  private static final double[] WIDTHS = {0.7, 3}; // inverse, by the mean squared distance
  private static final double[] PENALTIES = {1e-4, 1e-2, 0.1};
  private static final double LINEAR = 0.3; // scale of the inputs themselves beside bumps
  private static final double LEAST = 1e-9;

  private final Basis basis;
  private final RidgeRegression ridge;

  /** Functions of a row's inputs. */
  private interface Basis {
    double[] of(double[] input);
  }

  /**
   * @param inputs (rows, inputs), the most useful inputs first
   * @param numbers places of the inputs that are numbers
   * @param targets (rows, targets)
   * @param order of the rows; the bumps are around the first of them
   */
  KernelRegression(double[][] inputs, int[] numbers, double[][] targets, int[] order) {
    int n = inputs.length;
    int[] all = new int[n];
    Arrays.setAll(all, r -> r);
    int[] tried = n > TRIED_ROWS ? Arrays.copyOf(order, TRIED_ROWS) : all;
    RidgeRegression best = null;
    Basis chosen = null;
    for (Basis each : candidates(inputs, numbers, order)) {
      RidgeRegression fitted = fit(inputs, targets, tried, each, PENALTIES);
      if (best == null || fitted.leastError() < best.leastError()) {
        best = fitted;
        chosen = each;
      }
    }
    this.basis = chosen;
    this.ridge =
        tried == all ? best : fit(inputs, targets, all, chosen, new double[] {best.penalty()});
  }

  private static List<Basis> candidates(double[][] inputs, int[] numbers, int[] order) {
    int width = Math.min(MOST_INPUTS, inputs[0].length);
    double[][] centers =
        Arrays.stream(order)
            .limit(CENTERS)
            .mapToObj(r -> Arrays.copyOf(inputs[r], width))
            .toArray(double[][]::new);
    double mean = 0;
    int pairs = 0;
    for (int i = 0; i < centers.length; i++) {
      for (int j = 0; j < i; j++) {
        mean += distance(centers[i], centers[j]);
        pairs++;
      }
    }
    mean = Math.max(LEAST, mean / Math.max(1, pairs));
    List<Basis> candidates = new ArrayList<>();
    for (double each : WIDTHS) {
      candidates.add(new Bumps(centers, each / mean));
    }
    int[] factors = Arrays.copyOf(numbers, factors(inputs.length, numbers.length));
    if (factors.length > 1) {
      candidates.add(new Products(width, factors, deviations(inputs, factors)));
    }
    return candidates;
  }

  /** As many numbers as have no more products than half of the rows. */
  private static int factors(int rows, int numbers) {
    int factors = 0;
    while (rows >= LEAST_ROWS
        && factors < Math.min(MOST_FACTORS, numbers)
        && (factors + 1) * (factors + 2) / 2 <= rows / 2) {
      factors++;
    }
    return factors;
  }

  /** The standard deviation of each product over the rows, in the order of {@link Products}. */
  private static double[] deviations(double[][] inputs, int[] factors) {
    double[] ones = new double[factors.length * (factors.length + 1) / 2];
    Arrays.fill(ones, 1);
    Products products = new Products(0, factors, ones);
    double[] sum = new double[ones.length];
    double[] squares = new double[ones.length];
    for (double[] input : inputs) {
      double[] x = products.of(input);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += x[i] / inputs.length;
        squares[i] += x[i] * x[i] / inputs.length;
      }
    }
    double[] deviations = new double[sum.length];
    for (int i = 0; i < sum.length; i++) {
      deviations[i] = Math.sqrt(Math.max(LEAST, squares[i] - sum[i] * sum[i]));
    }
    return deviations;
  }

  private static RidgeRegression fit(
      double[][] inputs, double[][] targets, int[] rows, Basis basis, double[] penalties) {
    double[][] x = new double[rows.length][];
    double[][] y = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      x[i] = basis.of(inputs[rows[i]]);
      y[i] = targets[rows[i]];
    }
    return new RidgeRegression(x, y, penalties);
  }

  /**
   * Bumps, then the inputs.
   *
   * @param centers (bumps, inputs)
   * @param width inverse
   */
  private record Bumps(double[][] centers, double width) implements Basis {
    @Override
    public double[] of(double[] input) {
      int linear = centers[0].length;
      double[] x = new double[centers.length + linear];
      for (int i = 0; i < centers.length; i++) {
        x[i] = Math.exp(-width * distance(centers[i], input));
      }
      for (int i = 0; i < linear; i++) {
        x[centers.length + i] = LINEAR * input[i];
      }
      return x;
    }
  }

  /**
   * The inputs, then the products of some of them, squares included.
   *
   * @param linear how many inputs
   * @param factors places of those that are multiplied
   * @param deviations that products are divided by
   */
  private record Products(int linear, int[] factors, double[] deviations) implements Basis {
    @Override
    public double[] of(double[] input) {
      double[] x = Arrays.copyOf(input, linear + deviations.length);
      int at = 0;
      for (int i = 0; i < factors.length; i++) {
        for (int j = 0; j <= i; j++) {
          x[linear + at] = input[factors[i]] * input[factors[j]] / deviations[at];
          at++;
        }
      }
      return x;
    }
  }

  private static double distance(double[] center, double[] input) {
    double sum = 0;
    for (int i = 0; i < center.length; i++) {
      sum += (center[i] - input[i]) * (center[i] - input[i]);
    }
    return sum;
  }

  /** What each row's targets would be from the other rows: (rows, targets). */
  double[][] leftOut() {
    return ridge.leftOut();
  }

  /** The targets of another row. */
  double[] predict(double[] input) {
    return ridge.predict(basis.of(input));
  }
}
