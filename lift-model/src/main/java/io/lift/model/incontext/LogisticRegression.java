package io.lift.model.incontext;

import java.util.Arrays;

/**
 * Multinomial logistic regression with squared penalties, in folds. Newton steps use a bound of the
 * curvature that is the same in each step (Böhning 1992), so that one factorisation serves all. Of
 * several penalties the one with the least left-out loss is taken. A labelled row is answered by
 * the fold that has not seen it, another row by the mean of all folds.
 */
final class LogisticRegression {
  private static final double[] PENALTIES = {10, 1, 0.1}; // each starts where the last one ended
  private static final double INTERCEPT_PENALTY = 1e-3;
  private static final int STEPS = 12;
  private static final double MOST_WORK = 2e6; // rows, inputs, labels and steps

  private final int labels; // K
  private final double[] mean; // of the inputs
  private double[][] weights; // (K, inputs + 1): the mean of all folds, the intercept last
  private double[][] leftOut; // (rows, K)

  /**
   * @param inputs (rows, inputs)
   * @param given labels of the rows, 0 to {@code labels - 1}
   * @param fold of each row
   * @param folds how many there are
   */
  LogisticRegression(double[][] inputs, int[] given, int labels, int[] fold, int folds) {
    int n = inputs.length;
    int p = inputs[0].length + 1;
    this.labels = labels;
    this.mean = new double[p - 1];
    for (double[] row : inputs) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += row[i] / n;
      }
    }
    double[][] x = new double[n][];
    for (int r = 0; r < n; r++) {
      x[r] = centered(inputs[r]);
    }
    double each = (double) n * p * labels * folds;
    int steps = (int) Math.max(4, Math.min(STEPS, MOST_WORK / (each * PENALTIES.length)));
    double[][] gram = gram(x, fold, -1);
    double[][][] answers = new double[PENALTIES.length][n][labels];
    double[][][] means = new double[PENALTIES.length][labels][p];
    double[] loss = new double[PENALTIES.length];
    for (int f = 0; f < folds; f++) {
      double[][] own = gram(x, fold, f);
      for (int i = 0; i < p; i++) {
        for (int j = 0; j <= i; j++) {
          own[i][j] = (gram[i][j] - own[i][j]) / 2;
        }
      }
      double[][] theta = new double[labels][p];
      for (int l = 0; l < PENALTIES.length; l++) {
        double[][] lower = cholesky(own, PENALTIES[l]);
        for (int s = 0; s < steps; s++) {
          step(x, given, fold, f, theta, lower, PENALTIES[l]);
        }
        for (int r = 0; r < n; r++) {
          if (fold[r] == f) {
            scores(x[r], theta, answers[l][r]);
            loss[l] -= logProbability(answers[l][r], given[r]);
          }
        }
        for (int k = 0; k < labels; k++) {
          for (int i = 0; i < p; i++) {
            means[l][k][i] += theta[k][i] / folds;
          }
        }
      }
    }
    int best = 0;
    for (int l = 1; l < loss.length; l++) {
      best = loss[l] < loss[best] ? l : best;
    }
    this.weights = means[best];
    this.leftOut = answers[best];
  }

  private double[] centered(double[] input) {
    double[] x = Arrays.copyOf(input, input.length + 1);
    for (int i = 0; i < input.length; i++) {
      x[i] -= mean[i];
    }
    x[input.length] = 1;
    return x;
  }

  /** Of one fold's rows, or of all; the lower half. */
  private static double[][] gram(double[][] x, int[] fold, int own) {
    int p = x[0].length;
    double[][] gram = new double[p][p];
    for (int r = 0; r < x.length; r++) {
      if (own >= 0 && fold[r] != own) {
        continue;
      }
      for (int i = 0; i < p; i++) {
        double value = x[r][i];
        if (value != 0) {
          for (int j = 0; j <= i; j++) {
            gram[i][j] += value * x[r][j];
          }
        }
      }
    }
    return gram;
  }

  private static double[][] cholesky(double[][] curvature, double penalty) {
    double[][] a = new double[curvature.length][];
    for (int i = 0; i < a.length; i++) {
      a[i] = Arrays.copyOf(curvature[i], a.length);
      a[i][i] += i == a.length - 1 ? INTERCEPT_PENALTY : penalty;
    }
    return Cholesky.lower(a);
  }

  private void step(
      double[][] x,
      int[] given,
      int[] fold,
      int left,
      double[][] theta,
      double[][] lower,
      double penalty) {
    int p = x[0].length;
    double[][] slope = new double[labels][p];
    double[] scores = new double[labels];
    for (int r = 0; r < x.length; r++) {
      if (fold[r] == left) {
        continue;
      }
      scores(x[r], theta, scores);
      double total = 0;
      double most = most(scores);
      for (int k = 0; k < labels; k++) {
        scores[k] = Math.exp(scores[k] - most);
        total += scores[k];
      }
      for (int k = 0; k < labels; k++) {
        double off = (given[r] == k ? 1 : 0) - scores[k] / total;
        double[] to = slope[k];
        double[] row = x[r];
        for (int i = 0; i < p; i++) {
          to[i] += off * row[i];
        }
      }
    }
    for (int k = 0; k < labels; k++) {
      for (int i = 0; i < p; i++) {
        slope[k][i] -= theta[k][i] * (i == p - 1 ? INTERCEPT_PENALTY : penalty);
      }
      double[] change = Cholesky.solve(lower, slope[k]);
      for (int i = 0; i < p; i++) {
        theta[k][i] += change[i];
      }
    }
  }

  private static void scores(double[] x, double[][] theta, double[] to) {
    for (int k = 0; k < to.length; k++) {
      double sum = 0;
      double[] weights = theta[k];
      for (int i = 0; i < x.length; i++) {
        sum += weights[i] * x[i];
      }
      to[k] = sum;
    }
  }

  private static double most(double[] scores) {
    double most = scores[0];
    for (double score : scores) {
      most = Math.max(most, score);
    }
    return most;
  }

  private static double logProbability(double[] scores, int label) {
    double most = most(scores);
    double total = 0;
    for (double score : scores) {
      total += Math.exp(score - most);
    }
    return scores[label] - most - Math.log(total);
  }

  /** Logits of each row by the folds that have not seen it: (rows, K). */
  double[][] leftOut() {
    return leftOut;
  }

  /** Logits of another row: (K). */
  double[] predict(double[] input) {
    double[] logits = new double[labels];
    scores(centered(input), weights, logits);
    return logits;
  }
}
