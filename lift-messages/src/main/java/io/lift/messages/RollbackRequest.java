package io.lift.messages;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A wish to go back, on {@code lift.rollbacks}: the trainer that owns the task publishes the next
 * version with the weights of an earlier one, trains on from there, and removes the wish.
 *
 * @param task the task; also the key
 * @param version the version to go back to
 * @param id tells this wish from others for the same version
 * @param at when it was made, epoch milliseconds
 * @param error why it cannot be fulfilled, in one sentence; null as long as it can
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record RollbackRequest(String task, long version, String id, long at, String error) {

  public RollbackRequest failed(String why) {
    return new RollbackRequest(task, version, id, at, why);
  }
}
