package io.lift.core.table;

/**
 * A linear model by ridge regression on standardised columns, with the weight of one row on zero
 * slopes: {@code (Z'Z + I) b = Z'(y - mean)}, solved by Cholesky decomposition.
 */
final class LinearFit {
  private final double mean; // of the target
  private final double[] means; // of the columns
  private final double[] slopes; // in the columns' own units

  private LinearFit(double mean, double[] means, double[] slopes) {
    this.mean = mean;
    this.means = means;
    this.slopes = slopes;
  }

  /**
   * Fits the rows {@code from} to below {@code to}.
   *
   * @param x (columns, rows), without missing values
   * @param y the targets, by row
   */
  static LinearFit of(double[][] x, double[] y, int from, int to) {
    int columns = x.length;
    int rows = to - from;
    double mean = 0;
    for (int r = from; r < to; r++) {
      mean += y[r] / rows;
    }
    double[] means = new double[columns];
    double[] deviations = new double[columns];
    for (int c = 0; c < columns; c++) {
      for (int r = from; r < to; r++) {
        means[c] += x[c][r] / rows;
      }
      for (int r = from; r < to; r++) {
        deviations[c] += Math.pow(x[c][r] - means[c], 2) / rows;
      }
      deviations[c] = Math.sqrt(deviations[c]);
    }
    double[][] products = new double[columns][columns];
    double[] right = new double[columns];
    for (int a = 0; a < columns; a++) {
      for (int r = from; r < to; r++) {
        double za = standard(x[a][r], means[a], deviations[a]);
        right[a] += za * (y[r] - mean);
        for (int b = 0; b <= a; b++) {
          products[a][b] += za * standard(x[b][r], means[b], deviations[b]);
        }
      }
      products[a][a] += 1;
    }
    double[] slopes = solve(products, right);
    for (int c = 0; c < columns; c++) {
      slopes[c] = deviations[c] > 0 ? slopes[c] / deviations[c] : 0;
    }
    return new LinearFit(mean, means, slopes);
  }

  private static double standard(double value, double mean, double deviation) {
    return deviation > 0 ? (value - mean) / deviation : 0;
  }

  /** Solves a symmetric, positive definite system, of which the lower half is given. */
  private static double[] solve(double[][] a, double[] right) {
    int n = right.length;
    double[] x = right.clone();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = a[i][j];
        for (int k = 0; k < j; k++) {
          sum -= a[i][k] * a[j][k];
        }
        a[i][j] = i == j ? Math.sqrt(sum) : sum / a[j][j];
      }
    }
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < i; k++) {
        x[i] -= a[i][k] * x[k];
      }
      x[i] /= a[i][i];
    }
    for (int i = n - 1; i >= 0; i--) {
      for (int k = i + 1; k < n; k++) {
        x[i] -= a[k][i] * x[k];
      }
      x[i] /= a[i][i];
    }
    return x;
  }

  /** The mean of the targets. */
  double mean() {
    return mean;
  }

  /** The mean of a column. */
  double mean(int column) {
    return means[column];
  }

  double slope(int column) {
    return slopes[column];
  }

  /** The model's value of a row. */
  double at(double[][] x, int row) {
    double value = mean;
    for (int c = 0; c < slopes.length; c++) {
      value += slopes[c] * (x[c][row] - means[c]);
    }
    return value;
  }
}
