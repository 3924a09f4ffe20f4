package io.lift.cli.eval;

import java.util.List;
import java.util.Map;

/**
 * What came back; see {@link EvalReport} for the fields.
 *
 * @param answers one for each test row, in their order
 */
record EvalOutcome(
    Map<String, Double> metrics,
    List<AnsweredRow> answers,
    int invalid,
    int missing,
    double trainSeconds,
    double predictSeconds,
    long checkpointVersion) {}
