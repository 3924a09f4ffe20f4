package io.lift.cli.demo;

/**
 * What the demo shows at one moment.
 *
 * @param seconds since the first row
 * @param sent rows sent
 * @param total rows to send; 0 if endless
 * @param rowsPerSecond sent lately
 * @param checkpoint version of the newest checkpoint; 0 before the first
 * @param checkpointAgeMillis how long ago it was made
 * @param rowsLearned rows that it has learned from
 * @param deadLetters rows that the system rejected
 * @param rolling accuracies of the newest rows
 * @param p50 median latency in milliseconds
 * @param p99 its 99th percentile
 */
record DemoState(
    double seconds,
    int sent,
    long total,
    double rowsPerSecond,
    long checkpoint,
    long checkpointAgeMillis,
    long rowsLearned,
    long deadLetters,
    PrequentialScore.Accuracies rolling,
    double p50,
    double p99) {}
