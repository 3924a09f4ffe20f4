package io.lift.bench.pretrain;

import java.util.Arrays;

/** Makes labels out of scores, with noise. */
final class Labelling {
  private Labelling() {}

  /** By one score per row: from low to high, in shares that are drawn. */
  static int[] ordered(double[] score, int classes, Draws draws) {
    double noise = draws.chance(0.6) ? draws.scale(0.02, 1.5) * deviation(score) : 0;
    double[] noisy = new double[score.length];
    for (int r = 0; r < noisy.length; r++) {
      noisy[r] = score[r] + noise * draws.gaussian();
    }
    double[] sorted = noisy.clone();
    Arrays.sort(sorted);
    double[] shares = draws.shares(classes, 0.5);
    int[] labels = new int[noisy.length];
    double below = 0;
    for (int k = 0; k < classes - 1; k++) {
      below += shares[k];
      double cut = sorted[(int) Math.min(sorted.length - 1L, Math.round(below * sorted.length))];
      for (int r = 0; r < labels.length; r++) {
        labels[r] += noisy[r] >= cut ? 1 : 0;
      }
    }
    return labels;
  }

  /** By one score per row and label: the greatest wins, or is likelier to. */
  static int[] greatest(double[][] scores, Draws draws) {
    int classes = scores[0].length;
    double deviation = 0;
    double[] shift = new double[classes];
    for (int k = 0; k < classes; k++) {
      int label = k;
      double[] column = Arrays.stream(scores).mapToDouble(s -> s[label]).toArray();
      shift[k] = -Arrays.stream(column).average().orElse(0);
      deviation += deviation(column) / classes;
    }
    double uneven = draws.chance(0.5) ? 0.6 * deviation : 0;
    for (int k = 0; k < classes; k++) {
      shift[k] += uneven * draws.gaussian();
    }
    double noise = draws.chance(0.6) ? draws.scale(0.02, 0.8) * deviation : 0;
    int[] labels = new int[scores.length];
    for (int r = 0; r < labels.length; r++) {
      double best = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < classes; k++) {
        // Gumbel noise on scores draws from their softmax
        double gumbel =
            noise == 0
                ? 0
                : -StrictMath.log(-StrictMath.log(1 - draws.random().uniform() * 0.999999 - 1e-9));
        double score = scores[r][k] + shift[k] + noise * gumbel;
        if (score > best) {
          best = score;
          labels[r] = k;
        }
      }
    }
    return labels;
  }

  /** Some rows get any label. */
  static void corrupt(int[] labels, int classes, double share, Draws draws) {
    for (int r = 0; r < labels.length; r++) {
      if (draws.chance(share)) {
        labels[r] = draws.integer(0, classes - 1);
      }
    }
  }

  private static double deviation(double[] values) {
    double mean = Arrays.stream(values).average().orElse(0);
    return Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElse(0));
  }
}
