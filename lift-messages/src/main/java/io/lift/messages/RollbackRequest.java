package io.lift.messages;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A request to go back to an earlier version, on {@code lift.rollbacks}. The trainer to which the
 * task is assigned publishes the next version with the weights of the earlier one, trains on from
 * there, and removes the request.
 *
 * @param task the task; also the key
 * @param version the version to go back to
 * @param id tells this request from others for the same version
 * @param at when it was sent, epoch milliseconds
 * @param error why it cannot be fulfilled, in one sentence; null until the trainer says so
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record RollbackRequest(String task, long version, String id, long at, String error) {

  /** The same request with the reason why it cannot be fulfilled. */
  public RollbackRequest failed(String why) {
    return new RollbackRequest(task, version, id, at, why);
  }
}
