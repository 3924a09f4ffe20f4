package io.lift.model.committee;

import java.util.Arrays;

/**
 * Finds how much each reading counts from the probabilities that were given to rows by members that
 * had not learnt them.
 */
public final class Weighing {
  private static final double FLOOR = 1e-4;
  private static final int ROUNDS = 60;

  /** As if so many more rows had liked all readings alike: few rows prove little. */
  private static final double PRIOR_ROWS = 60;

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
}
