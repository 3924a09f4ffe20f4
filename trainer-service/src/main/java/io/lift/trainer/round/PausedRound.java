package io.lift.trainer.round;

import io.lift.model.RoundReport;

/**
 * A round that has made room for other work, with all that it needs to go on.
 *
 * @param round the round; its rows and offsets stay as they are
 * @param lineage of its task when it began; the round is void once the task has another one
 * @param file checkpoint within the round
 * @param baseline what {@link RoundOutcome.Published#baseline} will be
 * @param done what has been done of it
 * @param trainedMillis how long it has been trained
 * @param pausedAt when it was paused, epoch milliseconds
 * @param step optimizer steps done, of {@code steps}
 * @param steps optimizer steps planned
 */
public record PausedRound(
    Round round,
    long lineage,
    byte[] file,
    double[] baseline,
    RoundReport done,
    long trainedMillis,
    long pausedAt,
    int step,
    int steps) {}
