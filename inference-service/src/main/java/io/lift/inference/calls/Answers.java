package io.lift.inference.calls;

import io.lift.core.task.TaskSpec;
import io.lift.messages.PredictionMessage;
import java.util.List;

/**
 * The answers of one call.
 *
 * @param task the task
 * @param version version of the checkpoint that answered; 0 is the base model
 * @param predictions one for each row, in order
 */
public record Answers(TaskSpec task, long version, List<PredictionMessage> predictions) {}
