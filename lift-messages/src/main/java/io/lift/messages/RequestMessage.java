package io.lift.messages;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.core.prompt.Prompt;
import io.lift.core.task.Extrapolation;
import java.util.List;
import java.util.Map;

/**
 * A prompt whose answer is requested, on {@code lift.requests}. Deadline, correlation and reply
 * address are in the headers, see {@link Headers}.
 *
 * @param task the task
 * @param taskVersion version of the task that rendered it
 * @param row the row's id; also the key
 * @param prompt the sentence, ending in {@code ###}; null if the row was rejected
 * @param grid offsets of the grid numbers in the prompt, see {@link io.lift.core.prompt.Prompt}
 * @param origin where the row came from
 * @param rejected why the row was rejected, in one sentence: its requester gets that as the reply;
 *     null for a row that is to be answered
 * @param missing features that the row does not name, or whose word the task does not have; null
 *     for none
 * @param labelWait how long the row waits for its label, in milliseconds, to become a training
 *     example; then header {@link Headers#LANGUAGE} names the language of the prompt. Null for a
 *     row that came with its label or is not learned
 * @param point regression: the linear part of the row's answer, and the standard deviation that its
 *     distance from what was seen adds to it, both on the target's scale; null for none
 * @param extrapolated features in which the row is beyond what was seen; null for none
 * @param learned true if the row is a training example too, on {@code lift.prompts}; otherwise null
 * @param values of the row by feature, numbers and texts, if header {@link Headers#EXPLAIN} asks
 *     for an explanation; a missing value is absent; otherwise null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record RequestMessage(
    String task,
    int taskVersion,
    String row,
    String prompt,
    int[] grid,
    Origin origin,
    String rejected,
    List<String> missing,
    Long labelWait,
    Extrapolation.Point point,
    List<String> extrapolated,
    Boolean learned,
    Map<String, Object> values) {

  /** A row that is to be answered. */
  public RequestMessage(
      String task, int taskVersion, String row, String prompt, int[] grid, Origin origin) {
    this(task, taskVersion, row, prompt, grid, origin, null, null, null, null, null, null, null);
  }

  /** A row whose answer is not explained. */
  public RequestMessage(
      String task,
      int taskVersion,
      String row,
      String prompt,
      int[] grid,
      Origin origin,
      String rejected,
      List<String> missing,
      Long labelWait,
      Extrapolation.Point point,
      List<String> extrapolated,
      Boolean learned) {
    this(
        task,
        taskVersion,
        row,
        prompt,
        grid,
        origin,
        rejected,
        missing,
        labelWait,
        point,
        extrapolated,
        learned,
        null);
  }

  /** The sentence with its grid numbers and its linear part. */
  public Prompt asPrompt() {
    return new Prompt(prompt, grid == null ? new int[0] : grid).withPoint(point);
  }
}
