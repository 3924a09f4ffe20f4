package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * The calibration of a task's answers. Null fields take the default.
 *
 * @param coverage share of the truths that label sets and intervals should contain, 0..1; {@link
 *     #DEFAULT_COVERAGE} if null
 * @param abstainBelow classification: an answer with a lower probability is marked as abstained;
 *     null to never abstain
 * @param adaptive whether the level of label sets and intervals moves with each miss, so that they
 *     recover after a drift; true if null. Where rows come in random order and nothing drifts, the
 *     moving level is only noise
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CalibrationPolicy(Double coverage, Double abstainBelow, Boolean adaptive) {
  public static final double DEFAULT_COVERAGE = 0.9;

  /** A policy without any field set. */
  public static CalibrationPolicy defaults() {
    return new CalibrationPolicy(null, null, null);
  }

  /** A policy whose level adapts. */
  public CalibrationPolicy(Double coverage, Double abstainBelow) {
    this(coverage, abstainBelow, null);
  }

  /** Whether the level adapts. */
  public boolean adaptiveOrDefault() {
    return adaptive == null || adaptive;
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
