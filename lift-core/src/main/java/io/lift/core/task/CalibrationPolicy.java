package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * The calibration of a task's answers. Null fields take the default.
 *
 * @param coverage share of the truths that label sets and intervals should contain, 0..1; {@link
 *     #DEFAULT_COVERAGE} if null
 * @param abstainBelow classification: an answer with a lower probability is marked as abstained;
 *     null to never abstain
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CalibrationPolicy(Double coverage, Double abstainBelow) {
  public static final double DEFAULT_COVERAGE = 0.9;

  /** A policy without any field set. */
  public static CalibrationPolicy defaults() {
    return new CalibrationPolicy(null, null);
  }

  /** The coverage of the policy, or the default. */
  public double coverageOrDefault() {
    return coverage == null ? DEFAULT_COVERAGE : coverage;
  }

  /** Whether an answer of this probability is marked as abstained. */
  public boolean abstains(double probability) {
    return abstainBelow != null && probability < abstainBelow;
  }
}
