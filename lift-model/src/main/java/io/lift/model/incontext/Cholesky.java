package io.lift.model.incontext;

import java.util.Arrays;

/** The factorisation of a symmetric positive definite matrix, and solutions with it. */
final class Cholesky {
  private static final double LEAST = 1e-12;
  private static final int BLOCK = 128; // rows that are solved together

  private Cholesky() {}

  /**
   * The lower factor.
   *
   * @param matrix of which the lower half is read
   */
  static double[][] lower(double[][] matrix) {
    int p = matrix.length;
    double[][] lower = new double[p][];
    for (int i = 0; i < p; i++) {
      lower[i] = Arrays.copyOf(matrix[i], i + 1);
      for (int j = 0; j <= i; j++) {
        double sum = lower[i][j];
        double[] a = lower[i];
        double[] b = lower[j];
        for (int m = 0; m < j; m++) {
          sum -= a[m] * b[m];
        }
        lower[i][j] = i == j ? Math.sqrt(Math.max(LEAST, sum)) : sum / lower[j][j];
      }
    }
    return lower;
  }

  /** Solves with the lower factor alone. */
  static double[] forward(double[][] lower, double[] x) {
    double[] z = new double[x.length];
    for (int i = 0; i < z.length; i++) {
      double sum = x[i];
      double[] row = lower[i];
      for (int j = 0; j < i; j++) {
        sum -= row[j] * z[j];
      }
      z[i] = sum / row[i];
    }
    return z;
  }

  /**
   * The squared lengths of solutions with the lower factor alone: x' A^-1 x of each row. Rows are
   * solved together, so that the inner loop runs over them.
   *
   * @param x (rows, inputs)
   */
  static double[] squares(double[][] lower, double[][] x) {
    int p = lower.length;
    double[] squares = new double[x.length];
    double[][] z = new double[p][BLOCK];
    for (int from = 0; from < x.length; from += BLOCK) {
      int count = Math.min(BLOCK, x.length - from);
      for (int r = 0; r < count; r++) {
        double[] row = x[from + r];
        for (int i = 0; i < p; i++) {
          z[i][r] = row[i];
        }
      }
      for (int i = 0; i < p; i++) {
        double[] own = z[i];
        for (int j = 0; j < i; j++) {
          double factor = lower[i][j];
          double[] other = z[j];
          for (int r = 0; r < count; r++) {
            own[r] -= factor * other[r];
          }
        }
        double scale = 1 / lower[i][i];
        for (int r = 0; r < count; r++) {
          own[r] *= scale;
          squares[from + r] += own[r] * own[r];
        }
      }
    }
    return squares;
  }

  /** Solves with the upper factor alone. */
  static double[] backward(double[][] lower, double[] z) {
    double[] x = z.clone();
    for (int i = x.length - 1; i >= 0; i--) {
      x[i] /= lower[i][i];
      for (int j = 0; j < i; j++) {
        x[j] -= lower[i][j] * x[i];
      }
    }
    return x;
  }

  /** Solves with the whole matrix. */
  static double[] solve(double[][] lower, double[] right) {
    return backward(lower, forward(lower, right));
  }
}
