package io.lift.trainer.prompts;

import io.lift.core.row.RejectReason;

/** A record of {@code lift.prompts} that cannot be trained on. */
public final class PromptRejectedException extends Exception {
  private static final long serialVersionUID = 1L;
  private final RejectReason reason;
  private final String field;

  /**
   * @param field the field at fault, or null
   */
  public PromptRejectedException(RejectReason reason, String field, String message) {
    super(message, null, false, false);
    this.reason = reason;
    this.field = field;
  }

  public RejectReason reason() {
    return reason;
  }

  /** The field at fault, or null. */
  public String field() {
    return field;
  }
}
