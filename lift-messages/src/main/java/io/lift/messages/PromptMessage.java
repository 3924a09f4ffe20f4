package io.lift.messages;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.core.prompt.Prompt;
import io.lift.core.task.Extrapolation;

/**
 * A training example on {@code lift.prompts}.
 *
 * @param task the task; also the key
 * @param taskVersion version of the task that rendered it
 * @param row the row's id
 * @param prompt the sentence, ending in {@code ###}
 * @param grid offsets of the grid numbers in the prompt, see {@link io.lift.core.prompt.Prompt}
 * @param completion the answer with its end mark
 * @param label the answer as the row has it: a label, or a decimal number
 * @param origin where the row came from
 * @param joined true if row and label came apart, and the evaluator joined them; otherwise null
 * @param point the linear part of the row's answer, where the row and its label came apart: the
 *     completion, made of the label alone, does not have it; otherwise null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record PromptMessage(
    String task,
    int taskVersion,
    String row,
    String prompt,
    int[] grid,
    String completion,
    String label,
    Origin origin,
    Boolean joined,
    Extrapolation.Point point) {

  /** A row that came with its label. */
  public PromptMessage(
      String task,
      int taskVersion,
      String row,
      String prompt,
      int[] grid,
      String completion,
      String label,
      Origin origin) {
    this(task, taskVersion, row, prompt, grid, completion, label, origin, null, null);
  }

  /** The sentence with its grid numbers and its linear part. */
  public Prompt asPrompt() {
    return new Prompt(prompt, grid == null ? new int[0] : grid).withPoint(point);
  }
}
