package io.lift.messages;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A request to go back to an earlier checkpoint of a task, on {@code lift.rollbacks}. The trainer
 * of the task publishes the earlier weights as the next version and removes the request, or
 * publishes it again with the reason why it cannot be fulfilled.
 *
 * @param task the task; also the key
 * @param version the version to go back to
 * @param id tells this request from others for the same version
 * @param at when it was sent, epoch milliseconds
 * @param error why it cannot be fulfilled, in one sentence; null until the trainer says so
 * @param worse why the evaluator asks for it; null for an operator's request
 * @param by the operator's name; null if unknown
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record RollbackRequest(
    String task, long version, String id, long at, String error, Worse worse, String by) {

  /**
   * An operator's request.
   *
   * @param by who asks; null if unknown
   */
  public static RollbackRequest of(String task, long version, String id, long at, String by) {
    return new RollbackRequest(task, version, id, at, null, null, by);
  }

  /**
   * A checkpoint that was worse than the version to go back to, on the same rows.
   *
   * @param version that checkpoint
   * @param rows labelled rows that both versions answered
   * @param loss its mean log loss on them
   * @param earlierLoss that of the version to go back to
   */
  public record Worse(long version, long rows, double loss, double earlierLoss) {}

  /** The same request with the reason why it cannot be fulfilled. */
  public RollbackRequest failed(String why) {
    return new RollbackRequest(task, version, id, at, why, worse, by);
  }
}
