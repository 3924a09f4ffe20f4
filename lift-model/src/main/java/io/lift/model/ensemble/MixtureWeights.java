package io.lift.model.ensemble;

import java.util.Arrays;

/**
 * Fits the weights of a mixture of number encodings, and of the in-context model beside them, to
 * the probabilities that they gave to held-out rows.
 */
public final class MixtureWeights {
  private static final double FLOOR = 1e-4;
  private static final int ITERATIONS = 60;

  /** The prior counts like this number of rows, because few rows prove little. */
  private static final double PRIOR_ROWS = 60;

  /** The in-context model's lead in the prior falls to 1/e of itself per this number of rows. */
  private static final double FEW_ROWS = 400;

  private MixtureWeights() {}

  /**
   * A prior of 60 rows, spread evenly over the number encodings.
   *
   * @return rows of each component, (R)
   */
  public static double[] prior(int encodings) {
    double[] prior = new double[encodings];
    Arrays.fill(prior, PRIOR_ROWS / encodings);
    return prior;
  }

  /**
   * A prior of 60 rows with the in-context model as the last component. At few rows that model is
   * better than trained members on nearly all tables, and the rows are too few to prove it. Its
   * share falls with {@code e^(-rows / 400)} from all of the prior to an even share.
   *
   * @param rows that the members were trained on
   * @return rows of each component, (R + 1)
   */
  public static double[] prior(int encodings, int rows) {
    double even = 1.0 / (encodings + 1);
    double share = even + (1 - even) * Math.exp(-rows / FEW_ROWS);
    double[] prior = new double[encodings + 1];
    Arrays.fill(prior, PRIOR_ROWS * (1 - share) / encodings);
    prior[encodings] = PRIOR_ROWS * share;
    return prior;
  }

  /**
   * The weights of a mixture under which the rows are most likely, by expectation maximisation.
   *
   * @param likelihoods (n, R): the probability that each component gave to each row's own answer
   * @param prior (R): additional rows of each component
   * @return (R), adding up to 1
   */
  public static double[] weights(double[][] likelihoods, double[] prior) {
    int components = prior.length;
    double priorRows = Arrays.stream(prior).sum();
    double[] weights = Arrays.stream(prior).map(p -> p / priorRows).toArray();
    for (int i = 0; i < ITERATIONS; i++) {
      double[] sums = prior.clone();
      for (double[] row : likelihoods) {
        double total = 0;
        for (int r = 0; r < components; r++) {
          total += weights[r] * Math.max(FLOOR, row[r]);
        }
        for (int r = 0; r < components; r++) {
          sums[r] += weights[r] * Math.max(FLOOR, row[r]) / total;
        }
      }
      for (int r = 0; r < components; r++) {
        weights[r] = sums[r] / (likelihoods.length + priorRows);
      }
    }
    return weights;
  }
}
