package io.lift.bench.paper;

import java.util.Arrays;

/**
 * A figure over runs.
 *
 * @param mean of the runs
 * @param deviation population deviation over the runs; null if it is not known or there is one run
 * @param runs how many; 0 if the paper is the source
 */
record Estimate(double mean, Double deviation, int runs) {

  /**
   * @param values at least one
   */
  static Estimate of(double... values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return new Estimate(
        mean, values.length == 1 ? null : Math.sqrt(squares / values.length), values.length);
  }
}
