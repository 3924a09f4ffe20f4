package io.lift.model;

/** A round that failed; the message says why in one sentence. */
public final class TrainingFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int skipped;

  /**
   * @param skipped steps that were not applied because their loss was not finite
   */
  public TrainingFailedException(String message, int skipped) {
    super(message);
    this.skipped = skipped;
  }

  /** Steps that were not applied because their loss was not finite. */
  public int skipped() {
    return skipped;
  }
}
