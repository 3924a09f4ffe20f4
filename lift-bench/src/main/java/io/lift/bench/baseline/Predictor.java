package io.lift.bench.baseline;

/** What a learner has learned. */
@FunctionalInterface
public interface Predictor {

  /**
   * Answers for one row.
   *
   * @param x [feature]
   * @return [class] the probability of each class; of a regression, the one number
   */
  double[] predict(double[] x);
}
