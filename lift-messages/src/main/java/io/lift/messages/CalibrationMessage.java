package io.lift.messages;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.core.answer.Answer;

/**
 * The calibration that the evaluator has computed from the newest labelled rows of a task, on
 * {@code lift.calibration}. The inference service applies it to the next answers.
 *
 * @param task the task; also the key
 * @param version the newest checkpoint among those whose answers were used; 0 if all were the base
 *     model's. Answers of the base model never calibrate those of a checkpoint, and vice versa
 * @param updatedAt epoch milliseconds of the newest scored row
 * @param calibration how to change the model's own answers
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record CalibrationMessage(
    String task, long version, long updatedAt, Answer.Calibration calibration) {

  /** Whether it is for the answers of a checkpoint (0: the base model). */
  public boolean isFor(long checkpoint) {
    return version == 0 == (checkpoint == 0);
  }
}
