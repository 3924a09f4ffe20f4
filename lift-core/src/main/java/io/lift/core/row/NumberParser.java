package io.lift.core.row;

import io.lift.core.task.NumberNotation;
import java.util.Locale;
import java.util.Set;

/** Parses decimal numbers. */
public final class NumberParser {
  private static final Set<String> INFINITE =
      Set.of("inf", "+inf", "-inf", "infinity", "+infinity", "-infinity");
  private static final int LONGEST_WORD = 9;

  private NumberParser() {}

  /**
   * Parses a number: digits with at most one point, optionally a sign and an exponent. Spaces
   * around it are ignored. Thousands separators and hexadecimal notation are not accepted.
   *
   * @return the number; infinite if the text says so or is too large for a double; NaN if the text
   *     says so; null if the text is not a number
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
    return trimmed.length() <= LONGEST_WORD ? word(trimmed.toLowerCase(Locale.ROOT)) : null;
  }

  private static Double word(String text) {
    if (text.equals("nan")) {
      return Double.NaN;
    }
    if (!INFINITE.contains(text)) {
      return null;
    }
    return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
  }

  /**
   * Parses a number in the notation of its column. A text that does not follow it is parsed as
   * digits with a point, unless it has another unit.
   *
   * @param notation null for digits with a point
   * @return as {@link #parse(String)}
   */
  public static Double parse(String text, NumberNotation notation) {
    if (notation == null) {
      return parse(text);
    }
    NotatedNumber number = NotatedNumber.of(text.strip());
    if (number != null && (number.unit().isEmpty() || number.unit().equals(notation.unit()))) {
      Double value = number.value(notation.decimal());
      if (value != null) {
        return value;
      }
    }
    return parse(text);
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
