package io.lift.cli;

/** Something that the user can put right. The message is one sentence that says how. */
public final class CliError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CliError(String message, Object... arguments) {
    super(arguments.length == 0 ? message : message.formatted(arguments));
  }

  public CliError(Throwable cause, String message) {
    super(message, cause);
  }
}
