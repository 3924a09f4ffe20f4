package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What a task asks of its answers besides the most probable one. Null fields take the default.
 *
 * @param coverage share of the truths that label sets and intervals are to hold; {@link
 *     #DEFAULT_COVERAGE} unless given
 * @param abstainBelow classification: an answer whose probability is lower is marked as abstained;
 *     none unless given
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CalibrationPolicy(Double coverage, Double abstainBelow) {
  public static final double DEFAULT_COVERAGE = 0.9;

  /** A policy that leaves everything open. */
  public static CalibrationPolicy defaults() {
    return new CalibrationPolicy(null, null);
  }

  /** The coverage asked for, or the default. */
  public double coverageAsked() {
    return coverage == null ? DEFAULT_COVERAGE : coverage;
  }

  /** Whether an answer of this probability is none. */
  public boolean abstains(double probability) {
    return abstainBelow != null && probability < abstainBelow;
  }
}
