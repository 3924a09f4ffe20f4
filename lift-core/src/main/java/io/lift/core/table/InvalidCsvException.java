package io.lift.core.table;

/** A file that is not a CSV or IDX table. The message is one sentence with file and line. */
public final class InvalidCsvException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidCsvException(String message) {
    super(message);
  }
}
