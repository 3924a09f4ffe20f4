package io.lift.model.ensemble;

import java.util.Arrays;

/**
 * Finds how much each reading, and the pretrained model beside them, counts: from the probabilities
 * that were given to rows by who had not learnt them.
 */
public final class MixtureWeights {
  private static final double FLOOR = 1e-4;
  private static final int ROUNDS = 60;

  /** As if there were so many more rows: few rows prove little. */
  private static final double PRIOR_ROWS = 60;

  /** With so many rows the pretrained model is ahead by a third of what it is ahead with none. */
  private static final double FEW_ROWS = 50;

  private MixtureWeights() {}

  /**
   * For how many rows more each voice begins, 60 in all: readings alike.
   *
   * @return (R)
   */
  public static double[] prior(int readings) {
    double[] prior = new double[readings];
    Arrays.fill(prior, PRIOR_ROWS / readings);
    return prior;
  }

  /**
   * The same with the pretrained model, which comes last. Where rows are few it is better than what
   * learns them, on nearly all tables, and they are too few to prove it: its share falls from all,
   * by {@code e^(-rows / 50)}, to that of a reading.
   *
   * @param rows that the readings learnt
   * @return (R + 1)
   */
  public static double[] prior(int readings, int rows) {
    double even = 1.0 / (readings + 1);
    double share = even + (1 - even) * Math.exp(-rows / FEW_ROWS);
    double[] prior = new double[readings + 1];
    Arrays.fill(prior, PRIOR_ROWS * (1 - share) / readings);
    prior[readings] = PRIOR_ROWS * share;
    return prior;
  }

  /**
   * The weights of a mixture under which the rows are likeliest, by expectation maximisation.
   *
   * @param likelihoods (n, R): what each voice gave to each row's own answer
   * @param prior (R): as if the rows had so many more of each voice's
   * @return (R), adding up to 1
   */
  public static double[] weights(double[][] likelihoods, double[] prior) {
    int readings = prior.length;
    double more = Arrays.stream(prior).sum();
    double[] weights = Arrays.stream(prior).map(p -> p / more).toArray();
    for (int round = 0; round < ROUNDS; round++) {
      double[] sums = prior.clone();
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
        weights[r] = sums[r] / (likelihoods.length + more);
      }
    }
    return weights;
  }
}
