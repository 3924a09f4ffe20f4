package io.lift.model.files;

/** A checkpoint file that cannot be used; the message says why in one sentence. */
public final class CheckpointInvalid extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CheckpointInvalid(String message) {
    super(message);
  }
}
