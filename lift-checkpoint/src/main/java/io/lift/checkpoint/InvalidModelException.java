package io.lift.checkpoint;

/** A model that cannot be opened. The message is one sentence with the reason. */
public final class InvalidModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidModelException(String message) {
    super(message);
  }
}
