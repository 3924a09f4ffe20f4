package io.lift.cli.base;

/** Something that the user can put right. The message is one sentence that says how. */
public final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CliException(String message, Object... arguments) {
    super(arguments.length == 0 ? message : message.formatted(arguments));
  }

  public CliException(Throwable cause, String message) {
    super(message, cause);
  }
}
