package io.lift.cli.eval;

import java.util.List;
import java.util.Map;

/**
 * What came back; see {@link EvalReport} for the fields.
 *
 * @param answers one for each test row, in their order
 * @param refused the share of generated rows' drafts that were no rows of the table; null if
 *     nothing was generated
 */
record EvalOutcome(
    Map<String, Double> metrics,
    List<AnsweredRow> answers,
    int invalid,
    int missing,
    double trainSeconds,
    double predictSeconds,
    long checkpointVersion,
    Double refused) {

  EvalOutcome withRefused(double share) {
    return new EvalOutcome(
        metrics, answers, invalid, missing, trainSeconds, predictSeconds, checkpointVersion, share);
  }
}
