package io.lift.core.mixture;

import java.util.Map;

/** The linear mixture of predictors' distributions. */
public final class Mixture {
  private Mixture() {}

  /**
   * The shares of the predictors that answer a row.
   *
   * @param names of those predictors, at least one
   * @param priors how much each counts before anything is known; above 0, on any scale
   * @param learned weights of predictors, as {@link LikelihoodWeights} has them; may be empty. One
   *     that is not among them counts as much as the mean of all
   * @return one share per name, summing to 1
   */
  public static double[] shares(String[] names, double[] priors, Map<String, Double> learned) {
    double[] shares = new double[names.length];
    double sum = 0;
    for (int i = 0; i < names.length; i++) {
      shares[i] =
          learned.isEmpty() ? priors[i] : learned.getOrDefault(names[i], 1.0 / learned.size());
      sum += shares[i];
    }
    for (int i = 0; i < names.length; i++) {
      shares[i] = sum > 0 ? shares[i] / sum : 1.0 / names.length;
    }
    return shares;
  }

  /**
   * The weighted mean of distributions over the same candidates.
   *
   * @param shares one per distribution, summing to 1
   * @return one probability per candidate, summing to 1
   */
  public static double[] of(double[] shares, double[][] distributions) {
    double[] mean = new double[distributions[0].length];
    for (int i = 0; i < shares.length; i++) {
      for (int k = 0; k < mean.length; k++) {
        mean[k] += shares[i] * distributions[i][k];
      }
    }
    return mean;
  }
}
