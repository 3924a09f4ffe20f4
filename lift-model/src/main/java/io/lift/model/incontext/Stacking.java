package io.lift.model.incontext;

import java.util.Arrays;

/**
 * How much each of several sources counts, fitted to their answers to rows that are left out
 * (Wolpert 1992). Weights are at least 0 and are drawn towards a prior. Of labels they are those of
 * a product of experts: of the sources' logits.
 */
final class Stacking {
  private static final int STEPS = 12;
  private static final int HALVINGS = 6;
  private static final double ENOUGH = 1e-5; // change of a weight
  private static final double LEAST = 1e-9;

  /** Deviations of a number from which on its error counts by its size, not by its square. */
  private static final double LINEAR = 0.2;

  private final double[][][] logits; // (sources, rows, labels); of numbers one
  private final int[] labels; // null for numbers
  private final double[] numbers;
  private final double[] prior;
  private final double[] penalty;
  private final int sources;

  private Stacking(
      double[][][] logits, int[] labels, double[] numbers, double[] prior, double priorRows) {
    this.logits = logits;
    this.labels = labels;
    this.numbers = numbers;
    this.prior = prior;
    this.sources = logits.length;
    this.penalty = new double[sources];
    for (int s = 0; s < sources; s++) {
      double square = 0;
      int count = 0;
      for (double[] row : logits[s]) {
        for (double x : row) {
          square += x * x;
          count++;
        }
      }
      penalty[s] = priorRows * square / count + LEAST;
    }
  }

  /**
   * Weights of sources of labels.
   *
   * @param logits (sources, rows, labels), centred
   * @param labels of the rows
   * @param prior weights
   * @param priorRows how many rows the prior weighs
   */
  static double[] labels(double[][][] logits, int[] labels, double[] prior, double priorRows) {
    return new Stacking(logits, labels, null, prior, priorRows).solve();
  }

  /**
   * Weights of sources of numbers.
   *
   * @param answers (sources, rows)
   */
  static double[] numbers(double[][] answers, double[] numbers, double[] prior, double priorRows) {
    double[][][] wrapped = new double[answers.length][numbers.length][];
    for (int s = 0; s < answers.length; s++) {
      for (int r = 0; r < numbers.length; r++) {
        wrapped[s][r] = new double[] {answers[s][r]};
      }
    }
    return new Stacking(wrapped, null, numbers, prior, priorRows).solve();
  }

  private double[] solve() {
    boolean[] free = new boolean[sources];
    Arrays.fill(free, true);
    while (true) {
      double[] weights = newton(free);
      int worst = -1;
      for (int s = 0; s < sources; s++) {
        if (free[s] && weights[s] < 0 && (worst < 0 || weights[s] < weights[worst])) {
          worst = s;
        }
      }
      if (worst < 0) {
        return weights;
      }
      free[worst] = false;
    }
  }

  private double[] newton(boolean[] free) {
    double[] w = prior.clone();
    for (int s = 0; s < sources; s++) {
      w[s] = free[s] ? w[s] : 0;
    }
    double[] slope = new double[sources];
    double[][] curvature = new double[sources][sources];
    double loss = loss(w, slope, curvature);
    for (int step = 0; step < STEPS; step++) {
      for (int s = 0; s < sources; s++) {
        if (!free[s]) {
          slope[s] = 0;
          for (int t = 0; t < sources; t++) {
            curvature[s][t] = s == t ? 1 : 0;
            curvature[t][s] = s == t ? 1 : 0;
          }
        }
      }
      double[] change = Cholesky.solve(Cholesky.lower(curvature), slope);
      double share = 1;
      double after = 0;
      double[] to = w;
      for (int h = 0; h < HALVINGS; h++) {
        to = w.clone();
        for (int s = 0; s < sources; s++) {
          to[s] -= share * change[s];
        }
        after = loss(to, slope, curvature);
        if (after <= loss) {
          break;
        }
        share /= 2;
      }
      if (!(after <= loss)) {
        return w;
      }
      double most = 0;
      for (int s = 0; s < sources; s++) {
        most = Math.max(most, Math.abs(to[s] - w[s]));
      }
      w = to;
      loss = after;
      if (most < ENOUGH) {
        break;
      }
    }
    return w;
  }

  /** The penalised loss; fills its slope and curvature. */
  private double loss(double[] w, double[] slope, double[][] curvature) {
    double loss = 0;
    for (int s = 0; s < sources; s++) {
      double off = w[s] - prior[s];
      loss += penalty[s] * off * off / 2;
      slope[s] = penalty[s] * off;
      Arrays.fill(curvature[s], 0);
      curvature[s][s] = penalty[s];
    }
    int rows = logits[0].length;
    int width = logits[0][0].length;
    double[] p = new double[width];
    double[] mean = new double[sources];
    for (int r = 0; r < rows; r++) {
      double most = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < width; k++) {
        p[k] = 0;
        for (int s = 0; s < sources; s++) {
          p[k] += w[s] * logits[s][r][k];
        }
        most = Math.max(most, p[k]);
      }
      if (labels == null) {
        double error = numbers[r] - p[0];
        double root = Math.sqrt(1 + error * error / (LINEAR * LINEAR));
        loss += LINEAR * LINEAR * (root - 1);
        for (int s = 0; s < sources; s++) {
          double x = logits[s][r][0];
          slope[s] -= error / root * x;
          for (int t = 0; t <= s; t++) {
            curvature[s][t] += x * logits[t][r][0] / (root * root * root);
          }
        }
        continue;
      }
      double own = p[labels[r]] - most;
      double total = 0;
      for (int k = 0; k < width; k++) {
        p[k] = Math.exp(p[k] - most);
        total += p[k];
      }
      loss += Math.log(total) - own;
      for (int s = 0; s < sources; s++) {
        mean[s] = 0;
        for (int k = 0; k < width; k++) {
          mean[s] += p[k] / total * logits[s][r][k];
        }
        slope[s] += mean[s] - logits[s][r][labels[r]];
      }
      for (int k = 0; k < width; k++) {
        double share = p[k] / total;
        for (int s = 0; s < sources; s++) {
          double x = share * (logits[s][r][k] - mean[s]);
          for (int t = 0; t <= s; t++) {
            curvature[s][t] += x * (logits[t][r][k] - mean[t]);
          }
        }
      }
    }
    for (int s = 0; s < sources; s++) {
      for (int t = 0; t < s; t++) {
        curvature[t][s] = curvature[s][t];
      }
    }
    return loss;
  }
}
