package io.lift.messages;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.core.answer.Answer;

/**
 * What the evaluator has learnt from the newest labelled rows of a task, on {@code
 * lift.calibration}; the inference service applies it to the answers from then on.
 *
 * @param task the task; also the key
 * @param version the newest checkpoint whose answers taught it; 0 if the base model gave them all:
 *     then it is not for the answers of a checkpoint, nor the other way round
 * @param updatedAt epoch milliseconds of the newest scored row
 * @param calibration what to do to the model's own answers
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
