package io.lift.cli.eval;

import java.util.List;
import java.util.Map;

/**
 * The outcome of one evaluation; see {@link EvalReport} for the fields.
 *
 * @param answers one for each test row, in their order
 * @param extrapolated answers to rows beyond what the task was made from
 * @param rejected the share of generated rows' drafts that were no rows of the table; null if
 *     nothing was generated
 */
record EvalOutcome(
    Map<String, Double> metrics,
    List<AnsweredRow> answers,
    int invalid,
    int missing,
    int extrapolated,
    double trainSeconds,
    double predictSeconds,
    long checkpointVersion,
    Double rejected) {

  EvalOutcome withRejected(double share) {
    return new EvalOutcome(
        metrics,
        answers,
        invalid,
        missing,
        extrapolated,
        trainSeconds,
        predictSeconds,
        checkpointVersion,
        share);
  }
}
