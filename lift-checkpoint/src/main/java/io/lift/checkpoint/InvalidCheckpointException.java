package io.lift.checkpoint;

/** A checkpoint file that cannot be used; the message says why in one sentence. */
public final class InvalidCheckpointException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidCheckpointException(String message) {
    super(message);
  }
}
