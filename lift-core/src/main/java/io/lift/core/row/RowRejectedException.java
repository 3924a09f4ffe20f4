package io.lift.core.row;

/**
 * A row that cannot be used. The message names the field and the reason in one sentence; it goes
 * into the dead letters.
 */
public final class RowRejectedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final RejectReason reason;
  private final String field;

  public RowRejectedException(RejectReason reason, String field, String message) {
    super(message, null, false, false);
    this.reason = reason;
    this.field = field;
  }

  public RejectReason reason() {
    return reason;
  }

  /** The field at fault, or null if the whole row is. */
  public String field() {
    return field;
  }
}
