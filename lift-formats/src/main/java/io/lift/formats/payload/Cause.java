package io.lift.formats.payload;

import com.fasterxml.jackson.core.JsonProcessingException;

/** What a library says about a value that it cannot read, for a message. */
public final class Cause {
  private static final int LONGEST = 200;

  private Cause() {}

  /** One line without the names of classes and without a full stop. */
  public static String of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof JsonProcessingException json) {
        return line(json.getOriginalMessage());
      }
    }
    return failure.getMessage() == null ? "it ends too early" : line(failure.getMessage());
  }

  private static String line(String message) {
    String line =
        message
            .replaceAll("\\b(?:[a-z0-9_]+\\.)+[A-Z]\\w*(?:Exception|Error): ?", "")
            .replaceAll("[\\p{Cntrl}\\s]+", " ")
            .strip();
    String cut = line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    return cut.endsWith(".") ? cut.substring(0, cut.length() - 1) : cut;
  }
}
