package io.lift.messages;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.core.answer.Answer;
import java.util.Map;

/**
 * Metrics of one task, on {@code lift.metrics} and at {@code GET /metrics/{task}}.
 *
 * @param task the task; also the key
 * @param type {@code classification} or {@code regression}
 * @param updatedAt epoch milliseconds of the newest scored row
 * @param rolling over the newest scored rows (see {@code window})
 * @param window how many scored rows the rolling figures cover at most
 * @param total over all scored rows
 * @param checkpoints over the rows that each of the newest checkpoint versions answered
 * @param leaked predictions not counted because their checkpoint had trained on the row
 * @param late labels or predictions that came after their partner had been forgotten
 * @param unmatched predictions whose label never came
 * @param duplicates second predictions or labels of a row, not counted
 * @param expired requests answered {@code expired}
 * @param failed requests answered {@code failed}
 * @param rows different rows answered or labelled, whichever came first
 * @param predictions rows answered
 * @param deadLetters records of the task that could not be used
 * @param calibration what was published last on {@code lift.calibration}; null before
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record MetricsMessage(
    String task,
    String type,
    long updatedAt,
    Map<String, Double> rolling,
    int window,
    Map<String, Double> total,
    Map<Long, Map<String, Double>> checkpoints,
    long leaked,
    long late,
    long unmatched,
    long duplicates,
    long expired,
    long failed,
    long rows,
    long predictions,
    long deadLetters,
    Answer.Calibration calibration) {}
