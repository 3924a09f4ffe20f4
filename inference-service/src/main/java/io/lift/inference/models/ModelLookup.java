package io.lift.inference.models;

import io.lift.core.row.RejectReason;

/** The model that answers a request, or why there is none. */
public sealed interface ModelLookup {

  /**
   * This model answers.
   *
   * @param model leased to the caller, who must release it
   * @param previous the checkpoint before it, leased to the caller in the same way; null if it is
   *     not in memory
   */
  record Ready(LoadedModel model, LoadedModel previous) implements ModelLookup {
    /** The model alone; the lease of the other is given back. */
    public LoadedModel only() {
      if (previous != null) {
        previous.release();
      }
      return model;
    }

    /** Gives both leases back. */
    public void release() {
      model.release();
      if (previous != null) {
        previous.release();
      }
    }
  }

  /**
   * There is no model yet, so the request must wait.
   *
   * @param why one sentence, for logs and synchronous callers
   * @param loading true if the model is being loaded, false if it has not been trained yet
   */
  record Wait(String why, boolean loading) implements ModelLookup {}

  /**
   * The task or this version of it has not been seen here. It may still arrive.
   *
   * @param why one sentence
   */
  record Unknown(String why) implements ModelLookup {}

  /**
   * No model will ever answer the request.
   *
   * @param reason the kind of failure
   * @param why one sentence
   */
  record Unanswerable(RejectReason reason, String why) implements ModelLookup {}
}
