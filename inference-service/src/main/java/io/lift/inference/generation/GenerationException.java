package io.lift.inference.generation;

import io.lift.core.row.RejectReason;

/** Why a request for rows leads to none; the message is one sentence. */
public final class GenerationException extends Exception {
  private static final long serialVersionUID = 1L;

  private final RejectReason reason;

  GenerationException(RejectReason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  public RejectReason reason() {
    return reason;
  }
}
