package io.lift.model.committee;

import java.util.Arrays;

/**
 * Finds how much each reading counts and how sure their mixture may be, from the probabilities that
 * were given to rows by members that had not learnt them.
 */
public final class Weighing {
  private static final double FLOOR = 1e-4;
  private static final int ROUNDS = 60;

  /** As if so many more rows had liked all readings alike: few rows prove little. */
  private static final double PRIOR_ROWS = 60;

  private static final double COLDEST = 0.5;
  private static final double HOTTEST = 4;
  private static final int TEMPERATURES = 43;

  private Weighing() {}

  /**
   * The weights of a mixture under which the rows are likeliest, by expectation maximisation.
   *
   * @param likelihoods (n, R): what each reading gave to each row's own answer
   * @return (R), adding up to 1
   */
  public static double[] weights(double[][] likelihoods, int readings) {
    double[] weights = new double[readings];
    Arrays.fill(weights, 1.0 / readings);
    for (int round = 0; round < ROUNDS; round++) {
      double[] sums = new double[readings];
      Arrays.fill(sums, PRIOR_ROWS / readings);
      for (double[] row : likelihoods) {
        double total = 0;
        for (int r = 0; r < readings; r++) {
          total += weights[r] * Math.max(FLOOR, row[r]);
        }
        for (int r = 0; r < readings; r++) {
          sums[r] += weights[r] * Math.max(FLOOR, row[r]) / total;
        }
      }
      for (int r = 0; r < readings; r++) {
        weights[r] = sums[r] / (likelihoods.length + PRIOR_ROWS);
      }
    }
    return weights;
  }

  /**
   * The temperature under which the rows' own answers are likeliest (Guo et al. 2017, arXiv
   * 1706.04599).
   *
   * @param probabilities (n, C)
   * @param truths (n)
   */
  public static double temperature(double[][] probabilities, int[] truths) {
    double best = 1;
    double least = Double.POSITIVE_INFINITY;
    for (int t = 0; t < TEMPERATURES; t++) {
      double share = t / (TEMPERATURES - 1.0);
      double temperature = Math.exp(Math.log(COLDEST) + share * Math.log(HOTTEST / COLDEST));
      double loss = 0;
      for (int i = 0; i < truths.length; i++) {
        loss -= Math.log(tempered(probabilities[i], temperature)[truths[i]]);
      }
      if (loss < least) {
        least = loss;
        best = temperature;
      }
    }
    return best;
  }

  /** {@code p^(1 / temperature)}, normalised. */
  public static double[] tempered(double[] probabilities, double temperature) {
    double[] tempered = new double[probabilities.length];
    double sum = 0;
    for (int c = 0; c < tempered.length; c++) {
      tempered[c] = Math.pow(Math.max(1e-6, probabilities[c]), 1 / temperature);
      sum += tempered[c];
    }
    for (int c = 0; c < tempered.length; c++) {
      tempered[c] /= sum;
    }
    return tempered;
  }
}
