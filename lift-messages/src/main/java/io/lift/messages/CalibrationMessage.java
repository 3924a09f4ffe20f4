package io.lift.messages;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.core.answer.Answer;
import java.util.Map;

/**
 * What the evaluator has learned from the newest labelled rows of a task about its answers, on
 * {@code lift.calibration}. The inference service applies it to the next answers.
 *
 * @param task the task; also the key
 * @param version the newest checkpoint among those whose answers were used; 0 if all were the base
 *     model's, and at least 1 if labelled rows were read in context. Answers of the base model
 *     alone never calibrate others, and vice versa
 * @param updatedAt epoch milliseconds of the newest scored row
 * @param calibration how to change the answers; null before enough rows were scored
 * @param weights of the task's predictors, summing to 1; null where the answers had none
 * @param since the first labelled row after the newest drift, from which on the next answers are to
 *     be based on labelled rows; null before any drift
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record CalibrationMessage(
    String task,
    long version,
    long updatedAt,
    Answer.Calibration calibration,
    Map<String, Double> weights,
    PromptOffset since) {

  /** What is learned where no drift was seen. */
  public CalibrationMessage(
      String task,
      long version,
      long updatedAt,
      Answer.Calibration calibration,
      Map<String, Double> weights) {
    this(task, version, updatedAt, calibration, weights, null);
  }

  /** A calibration without predictors. */
  public CalibrationMessage(
      String task, long version, long updatedAt, Answer.Calibration calibration) {
    this(task, version, updatedAt, calibration, null, null);
  }

  /** Whether it is for the answers of a checkpoint (0: the base model). */
  public boolean isFor(long checkpoint) {
    return version == 0 == (checkpoint == 0);
  }
}
