package io.lift.checkpoint;

/** A checkpoint file that cannot be used. The message is one sentence with the reason. */
public final class InvalidCheckpointException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidCheckpointException(String message) {
    super(message);
  }
}
