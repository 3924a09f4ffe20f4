package io.lift.trainer.training;

import io.lift.core.row.RejectReason;

/** A record of {@code lift.prompts} that cannot be trained on. */
final class PromptRejectedException extends Exception {
  private static final long serialVersionUID = 1L;
  private final RejectReason reason;
  private final String field;

  /**
   * @param field the field at fault, or null
   */
  PromptRejectedException(RejectReason reason, String field, String message) {
    super(message, null, false, false);
    this.reason = reason;
    this.field = field;
  }

  RejectReason reason() {
    return reason;
  }

  String field() {
    return field;
  }
}
