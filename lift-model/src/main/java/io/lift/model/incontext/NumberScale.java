package io.lift.model.incontext;

import java.util.Arrays;

/**
 * The mean and deviation of a regression's answers.
 *
 * @param mean in cells of the target's grid
 * @param deviation above 0
 */
record NumberScale(double mean, double deviation) {
  private static final double LEAST_DEVIATION = 1e-9;

  /** Of labelled rows, at least one. */
  static NumberScale of(int[] labels) {
    double mean = Arrays.stream(labels).average().orElseThrow();
    double square =
        Arrays.stream(labels).mapToDouble(y -> (y - mean) * (y - mean)).average().orElseThrow();
    return new NumberScale(mean, Math.max(LEAST_DEVIATION, Math.sqrt(square)));
  }

  /** Answers in deviations from the mean. */
  double[] scaled(int[] labels) {
    return Arrays.stream(labels).mapToDouble(y -> (y - mean) / deviation).toArray();
  }
}
