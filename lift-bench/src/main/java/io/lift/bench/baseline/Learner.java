package io.lift.bench.baseline;

/** A method with all its settings. */
@FunctionalInterface
public interface Learner {

  /**
   * Learns from rows. Of a classification at least two classes occur among them.
   *
   * @param rows at least one
   */
  Predictor fit(Examples rows);
}
