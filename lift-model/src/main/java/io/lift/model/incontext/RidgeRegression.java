package io.lift.model.incontext;

/**
 * Ridge regression of several targets on the same inputs (Hoerl and Kennard 1970), with an
 * intercept that is not penalised. Of several penalties the one with the least squared
 * leave-one-out error is taken, which has a closed form: {@code (fit - h y) / (1 - h)} with the
 * leverage h (Allen 1974).
 */
final class RidgeRegression {
  private static final double[] PENALTIES = {1e-4, 1e-2, 5e-2, 0.2, 1}; // times rows
  private static final double LEAST = 1e-3;

  private final double[] inputMean;
  private final double[] targetMean;
  private double[][] slopes; // (targets, inputs)
  private double[][] leftOut; // (rows, targets)
  private double leastError = Double.POSITIVE_INFINITY;
  private double best; // penalty

  /**
   * @param inputs (rows, inputs)
   * @param targets (rows, targets)
   */
  RidgeRegression(double[][] inputs, double[][] targets) {
    this(inputs, targets, PENALTIES);
  }

  /**
   * @param penalties to choose among, in rows
   */
  RidgeRegression(double[][] inputs, double[][] targets, double[] penalties) {
    int n = inputs.length;
    int p = inputs[0].length;
    int k = targets[0].length;
    this.inputMean = mean(inputs);
    this.targetMean = mean(targets);
    double[][] x = centered(inputs, inputMean);
    double[][] y = centered(targets, targetMean);
    double[][] gram = new double[p][p];
    double[][] cross = new double[k][p];
    for (int r = 0; r < n; r++) {
      double[] row = x[r];
      for (int i = 0; i < p; i++) {
        double value = row[i];
        if (value != 0) {
          double[] to = gram[i];
          for (int j = 0; j <= i; j++) {
            to[j] += value * row[j];
          }
        }
      }
      for (int t = 0; t < k; t++) {
        for (int i = 0; i < p; i++) {
          cross[t][i] += y[r][t] * row[i];
        }
      }
    }
    for (double penalty : penalties) {
      if (fit(x, y, gram, cross, penalty * n + LEAST)) {
        best = penalty;
      }
    }
  }

  /**
   * Keeps this penalty's answers if their error is less than the least so far.
   *
   * @return whether it is
   */
  private boolean fit(
      double[][] x, double[][] y, double[][] gram, double[][] cross, double penalty) {
    int n = x.length;
    double[][] lower = cholesky(gram, penalty);
    double[][] beta = new double[cross.length][];
    for (int t = 0; t < beta.length; t++) {
      beta[t] = Cholesky.solve(lower, cross[t]);
    }
    double[] leverages = Cholesky.squares(lower, x);
    double[][] out = new double[n][beta.length];
    double error = 0;
    for (int r = 0; r < n; r++) {
      double leverage = 1.0 / n + leverages[r];
      double rest = Math.max(1e-3, 1 - leverage);
      for (int t = 0; t < beta.length; t++) {
        double residual = (y[r][t] - dot(beta[t], x[r])) / rest;
        error += residual * residual;
        out[r][t] = y[r][t] - residual + targetMean[t];
      }
    }
    if (!(error < leastError)) {
      return false;
    }
    leastError = error;
    slopes = beta;
    leftOut = out;
    return true;
  }

  /** The penalty of those tried that has the least error. */
  double penalty() {
    return best;
  }

  /** The sum of squares of what left-out rows are predicted wrongly by. */
  double leastError() {
    return leastError;
  }

  /** What each row's targets would be from the other rows: (rows, targets). */
  double[][] leftOut() {
    return leftOut;
  }

  /** The targets of another row. */
  double[] predict(double[] input) {
    double[] centered = new double[input.length];
    for (int i = 0; i < input.length; i++) {
      centered[i] = input[i] - inputMean[i];
    }
    double[] answer = targetMean.clone();
    for (int t = 0; t < answer.length; t++) {
      answer[t] += dot(slopes[t], centered);
    }
    return answer;
  }

  private static double[][] cholesky(double[][] gram, double penalty) {
    double[][] matrix = new double[gram.length][];
    for (int i = 0; i < gram.length; i++) {
      matrix[i] = gram[i].clone();
      matrix[i][i] += penalty;
    }
    return Cholesky.lower(matrix);
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double[] mean(double[][] rows) {
    double[] mean = new double[rows[0].length];
    for (double[] row : rows) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += row[i] / rows.length;
      }
    }
    return mean;
  }

  private static double[][] centered(double[][] rows, double[] mean) {
    double[][] centered = new double[rows.length][mean.length];
    for (int r = 0; r < rows.length; r++) {
      for (int i = 0; i < mean.length; i++) {
        centered[r][i] = rows[r][i] - mean[i];
      }
    }
    return centered;
  }
}
