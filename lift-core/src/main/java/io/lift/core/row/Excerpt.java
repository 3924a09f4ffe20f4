package io.lift.core.row;

import io.lift.core.task.PlainText;

/** A short excerpt of foreign text for a message, on one line. */
final class Excerpt {
  /** Longest excerpt, in characters of the original. */
  static final int LENGTH = 40;

  private Excerpt() {}

  /** The start of a text in quotes, control characters as JSON escapes. */
  static String of(String text) {
    return "'" + escaped(text, LENGTH) + "'";
  }

  static String escaped(String text, int limit) {
    String start = PlainText.cut(text, limit);
    StringBuilder escaped = new StringBuilder(start.length() + 8);
    for (int i = 0; i < start.length(); i++) {
      char c = start.charAt(i);
      switch (c) {
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\t' -> escaped.append("\\t");
        default -> {
          if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
            escaped.append(String.format("\\u%04x", (int) c));
          } else {
            escaped.append(c);
          }
        }
      }
    }
    return start.length() < text.length() ? escaped + "…" : escaped.toString();
  }
}
