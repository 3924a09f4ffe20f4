package io.lift.checkpoint;

/** A model that cannot be opened; the message says why in one sentence. */
public final class InvalidModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidModelException(String message) {
    super(message);
  }
}
