package io.lift.core.table;

/** A file that is not a CSV table; the message names file and line in one sentence. */
public final class CsvInvalid extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CsvInvalid(String message) {
    super(message);
  }
}
