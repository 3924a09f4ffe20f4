package io.lift.evaluator.scoring;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.core.calibration.Calibrator;
import io.lift.core.mixture.LikelihoodWeights;
import io.lift.core.task.TaskType;
import java.util.Map;

/**
 * The counters of a task in the state store, beside its rows and sums.
 *
 * @param type null before the task was seen on {@code lift.tasks} or in an answer
 * @param known whether the task was seen on {@code lift.tasks}
 * @param scored rows scored so far; the next one goes into slot {@code scored % window}
 * @param summed how many of them are in the stored sums; the later ones are in the ring
 * @param window slots of the ring
 * @param updatedAt epoch milliseconds of the newest scored row, or 0
 * @param counts what else happened, by kind
 * @param seen the rows that came, by partition of the join
 * @param calibration the state of the calibrator without the rows of the ring, or null
 * @param weights of the predictors, or null
 * @param watch over the current checkpoint, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record StoredCounters(
    TaskType type,
    boolean known,
    long scored,
    long summed,
    int window,
    long updatedAt,
    Map<Outcome.Kind, Long> counts,
    Map<Integer, Outcome.Seen> seen,
    Calibrator.State calibration,
    LikelihoodWeights.State weights,
    CheckpointWatch.State watch) {
  StoredCounters {
    seen = seen == null ? Map.of() : seen;
  }
}
