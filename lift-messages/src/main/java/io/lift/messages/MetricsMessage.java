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
 * @param window how many scored rows the rolling metrics cover at most
 * @param total over all scored rows
 * @param checkpoints over the rows that each of the newest checkpoint versions answered
 * @param leaked predictions that are not counted because their checkpoint had trained on the row
 * @param late labels or predictions that arrived after their partner had expired
 * @param unmatched predictions whose label did not arrive in time
 * @param duplicates second predictions or labels of a row, not counted
 * @param joined training examples made of a row and a label that came apart
 * @param unjoined labels that came without their row, and did not become a training example
 * @param expired requests answered {@code expired}
 * @param failed requests answered {@code failed}
 * @param rows distinct rows with an answer or a label
 * @param predictions rows answered
 * @param deadLetters records of the task that could not be used
 * @param calibration the newest on {@code lift.calibration}; null if there is none
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
    long joined,
    long unjoined,
    long expired,
    long failed,
    long rows,
    long predictions,
    long deadLetters,
    Answer.Calibration calibration) {}
