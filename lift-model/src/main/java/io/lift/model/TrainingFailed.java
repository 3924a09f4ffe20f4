package io.lift.model;

/** A round that could not be done; the message says why in one sentence. */
public final class TrainingFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TrainingFailed(String message) {
    super(message);
  }
}
