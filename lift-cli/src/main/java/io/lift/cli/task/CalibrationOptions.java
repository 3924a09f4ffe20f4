package io.lift.cli.task;

import io.lift.core.task.CalibrationPolicy;
import picocli.CommandLine.Option;

/** The coverage of label sets and intervals, and the threshold for abstaining. */
public final class CalibrationOptions {
  @Option(
      names = "--coverage",
      paramLabel = "SHARE",
      description =
          "How often label sets and intervals are to hold the truth, 0.5 to 0.99 (default: 0.9).")
  private Double coverage;

  @Option(
      names = "--abstain-below",
      paramLabel = "P",
      description = "Mark answers of a lower probability as abstained (default: none).")
  private Double abstainBelow;

  public CalibrationPolicy policy() {
    return new CalibrationPolicy(coverage, abstainBelow);
  }

  /** The policy for rows that come in random order, so that nothing drifts. */
  public CalibrationPolicy policyWithoutDrift() {
    return new CalibrationPolicy(coverage, abstainBelow, requestsCoverage() ? false : null);
  }

  /** Whether a coverage was given. */
  public boolean requestsCoverage() {
    return coverage != null;
  }
}
