package io.lift.cli.eval;

import java.util.Map;

/** What came back; see {@link EvalReport} for the fields. */
record EvalOutcome(
    Map<String, Double> metrics,
    int invalid,
    int missing,
    double trainSeconds,
    double predictSeconds,
    long checkpointVersion) {}
