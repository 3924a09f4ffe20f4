package io.lift.model.incontext;

import java.util.Arrays;

/**
 * Ridge regression on Gaussian bumps around some of the rows, beside the inputs themselves: a
 * kernel method (Smola and Schölkopf 2000) that follows smooth functions of several inputs. The
 * width of the bumps is the one of two with the least leave-one-out error.
 */
final class KernelRegression {
  private static final int CENTERS = 64;
  private static final int MOST_INPUTS = 32;
  private static final int TRIED_ROWS = 300; // on which the width is chosen
  private static final double[] WIDTHS = {0.7, 3}; // inverse, by the mean squared distance
  private static final double[] PENALTIES = {1e-4, 1e-2, 0.1};
  private static final double LINEAR = 0.3; // scale of the inputs themselves
  private static final double LEAST = 1e-9;

  private final double[][] centers;
  private final double width;
  private final RidgeRegression ridge;

  /**
   * @param inputs (rows, inputs), the most useful inputs first
   * @param targets (rows, targets)
   * @param order of the rows; the bumps are around the first of them
   */
  KernelRegression(double[][] inputs, double[][] targets, int[] order) {
    int n = inputs.length;
    this.centers =
        Arrays.stream(order)
            .limit(CENTERS)
            .mapToObj(r -> Arrays.copyOf(inputs[r], Math.min(MOST_INPUTS, inputs[r].length)))
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
    int[] all = new int[n];
    Arrays.setAll(all, r -> r);
    int[] tried = n > TRIED_ROWS ? Arrays.copyOf(order, TRIED_ROWS) : all;
    RidgeRegression best = null;
    double bestWidth = 0;
    for (double each : WIDTHS) {
      RidgeRegression fitted = fit(inputs, targets, tried, each / mean);
      if (best == null || fitted.leastError() < best.leastError()) {
        best = fitted;
        bestWidth = each / mean;
      }
    }
    this.width = bestWidth;
    this.ridge = tried == all ? best : fit(inputs, targets, all, width);
  }

  private RidgeRegression fit(double[][] inputs, double[][] targets, int[] rows, double width) {
    double[][] x = new double[rows.length][];
    double[][] y = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      x[i] = bumps(inputs[rows[i]], width);
      y[i] = targets[rows[i]];
    }
    return new RidgeRegression(x, y, PENALTIES);
  }

  private double[] bumps(double[] input, double width) {
    int linear = Math.min(MOST_INPUTS, input.length);
    double[] x = new double[centers.length + linear];
    for (int i = 0; i < centers.length; i++) {
      x[i] = Math.exp(-width * distance(centers[i], input));
    }
    for (int i = 0; i < linear; i++) {
      x[centers.length + i] = LINEAR * input[i];
    }
    return x;
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
    return ridge.predict(bumps(input, width));
  }
}
