package io.lift.core.row;

import java.util.Locale;
import java.util.Set;

/** Parses decimal numbers. */
public final class NumberParser {
  private static final Set<String> NOT_FINITE =
      Set.of("nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity");

  private NumberParser() {}

  /**
   * Parses a number: digits with at most one point, optionally a sign and an exponent. Spaces
   * around it are ignored. Thousands separators and hexadecimal notation are not accepted.
   *
   * @return the number; infinite or NaN if the text names these or is too large for a double; null
   *     if the text is not a number
   */
  public static Double parse(String text) {
    String trimmed = text.strip();
    if (isDecimal(trimmed)) {
      try {
        return Double.valueOf(trimmed);
      } catch (NumberFormatException e) {
        return null;
      }
    }
    boolean notFinite =
        trimmed.length() <= 9 && NOT_FINITE.contains(trimmed.toLowerCase(Locale.ROOT));
    return notFinite ? Double.NaN : null;
  }

  /**
   * Whether the text has only characters of a decimal number; Java would also parse 1f or 0x1p3.
   */
  private static boolean isDecimal(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean allowed =
          (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
      if (!allowed) {
        return false;
      }
    }
    return !text.isEmpty();
  }
}
