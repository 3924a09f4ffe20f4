package io.lift.core.row;

/**
 * A rejected row. The message is one sentence that names the field and the reason. It is written to
 * the dead letters.
 */
public final class RowRejectedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final RejectReason reason;
  private final String field;

  /**
   * @param field the field at fault, or null if the whole row is
   * @param message one sentence with a full stop
   */
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
