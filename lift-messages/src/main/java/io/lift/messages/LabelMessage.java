package io.lift.messages;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * The label of a row, on {@code lift.labels}. It is learned if it has a completion and its row
 * comes as a request within the wait, before or after it; then header {@link Headers#LANGUAGE}
 * names the language of the completion.
 *
 * @param task the task
 * @param row the row's id; also the key
 * @param label a label, or a decimal number
 * @param origin where the row came from
 * @param completion the label as the end of a training example; null for a label that is never
 *     learned
 * @param labelWait how long the label waits for its row, in milliseconds; null without a completion
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record LabelMessage(
    String task, String row, String label, Origin origin, String completion, Long labelWait) {

  /** A label that is never learned. */
  public LabelMessage(String task, String row, String label, Origin origin) {
    this(task, row, label, origin, null, null);
  }
}
