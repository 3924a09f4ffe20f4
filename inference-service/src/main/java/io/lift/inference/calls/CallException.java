package io.lift.inference.calls;

/** Ends a call without answers. The message is one sentence for the caller. */
public final class CallException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What the caller can do about it. */
  public enum Kind {
    /** The call must be changed. */
    INVALID,
    /** There is no such task, or no such version of its model. */
    NOT_FOUND,
    /** The call has more bytes or rows than one call may have. */
    TOO_LARGE,
    /** The same call may succeed later. */
    UNAVAILABLE,
    /** The model fails on a row. */
    FAILED
  }

  private final Kind kind;

  public CallException(Kind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
