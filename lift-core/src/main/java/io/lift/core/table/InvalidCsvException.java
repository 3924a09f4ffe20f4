package io.lift.core.table;

/** A file that is not a CSV table; the message names file and line in one sentence. */
public final class InvalidCsvException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidCsvException(String message) {
    super(message);
  }
}
