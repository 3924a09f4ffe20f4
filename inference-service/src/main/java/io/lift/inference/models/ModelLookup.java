package io.lift.inference.models;

import io.lift.core.row.RejectReason;

/** Who answers a request, if anybody. */
public sealed interface ModelLookup {

  /**
   * This model answers.
   *
   * @param model leased to the caller, who must release it
   */
  record Ready(LoadedModel model) implements ModelLookup {}

  /**
   * Nobody yet: the request must wait.
   *
   * @param why for logs and for synchronous callers, one sentence
   * @param loading whether its model is being loaded, and not yet to be trained
   */
  record Wait(String why, boolean loading) implements ModelLookup {}

  /**
   * The task or this version of it has not been seen here, perhaps not yet.
   *
   * @param why one sentence
   */
  record Unknown(String why) implements ModelLookup {}

  /**
   * Nobody ever.
   *
   * @param reason the kind of failure
   * @param why one sentence
   */
  record Unanswerable(RejectReason reason, String why) implements ModelLookup {}
}
