package io.lift.trainer.publish;

/** A transaction whose outcome is not known. */
public final class PublishException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param what was to be published
   */
  public PublishException(String what, Throwable cause) {
    super("cannot publish " + what + ": " + cause.getMessage(), cause);
  }
}
