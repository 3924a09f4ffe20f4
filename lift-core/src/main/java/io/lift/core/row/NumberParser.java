package io.lift.core.row;

import java.util.Locale;
import java.util.Set;

/** Decimal numbers as tables write them. */
public final class NumberParser {
  private static final Set<String> NOT_FINITE =
      Set.of("nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity");

  private NumberParser() {}

  /**
   * Reads a number: digits with at most one point, optionally a sign and an exponent, spaces around
   * it ignored. No thousands separators, no hexadecimal.
   *
   * @return the number; infinite or NaN if the text says so or is too large for a double; null if
   *     it is not a number
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

  /** Only the characters of a decimal number: what else Java would read (1f, 0x1p3) is none. */
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
