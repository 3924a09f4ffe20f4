package io.lift.core.row;

import io.lift.core.task.NumberNotation;
import java.util.Currency;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The text of a number with a sign, a unit before or after it, and separators: {@code -$1,234.50},
 * {@code (12 €)}, {@code 45 %}.
 *
 * @param negative whether it has a minus sign or stands in parentheses
 * @param unit the text before or after the digits; empty if there is none
 * @param digits the digits with their separators, and an exponent if there is one
 */
public record NotatedNumber(boolean negative, String unit, String digits) {
  private static final int LONGEST_UNIT = 10;
  private static final int GROUP = 3;
  private static final String MINUS = "-\u2212\u2013";

  /** Signs that separate thousands besides point and comma: spaces and apostrophes. */
  private static final String SEPARATORS = " \u00A0\u202F\u2009'\u2019";

  private static final Set<String> CURRENCIES =
      Stream.concat(
              Currency.getAvailableCurrencies().stream().map(Currency::getCurrencyCode),
              Stream.of("US$", "R$", "A$", "C$", "NZ$", "HK$", "Rs", "Rs.", "Fr.", "kr", "kr."))
          .collect(Collectors.toUnmodifiableSet());

  /** Splits a text; null if it is no number with at most one unit. */
  public static NotatedNumber of(String text) {
    int first = 0;
    while (first < text.length() && !isDigit(text.charAt(first))) {
      first++;
    }
    int last = text.length() - 1;
    while (last > first && !isDigit(text.charAt(last))) {
      last--;
    }
    if (first == text.length()) {
      return null;
    }
    if (first > 0 && (text.charAt(first - 1) == '.' || text.charAt(first - 1) == ',')) {
      first--;
    }
    String before = text.substring(0, first).strip();
    String after = text.substring(last + 1).strip();
    boolean enclosed = before.startsWith("(") && after.endsWith(")");
    if (enclosed) {
      before = before.substring(1).strip();
      after = after.substring(0, after.length() - 1).strip();
    }
    String unsigned = unsigned(before);
    boolean signed = unsigned.length() < before.length();
    boolean minus = signed && before.indexOf('+') < 0;
    if (enclosed && signed || !unsigned.isEmpty() && !after.isEmpty()) {
      return null;
    }
    if (!unsigned.isEmpty() && !isCurrency(unsigned) || !after.isEmpty() && !isUnit(after)) {
      return null;
    }
    return new NotatedNumber(
        enclosed || minus, unsigned.isEmpty() ? after : unsigned, text.substring(first, last + 1));
  }

  /** The text before the digits without one sign at its start or end. */
  private static String unsigned(String before) {
    if (before.isEmpty()) {
      return before;
    }
    if (isSign(before.charAt(0))) {
      return before.substring(1).strip();
    }
    return isSign(before.charAt(before.length() - 1))
        ? before.substring(0, before.length() - 1).strip()
        : before;
  }

  private static boolean isSign(char c) {
    return c == '+' || MINUS.indexOf(c) >= 0;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** Whether a unit is money, which some rows of a column may leave out. */
  public static boolean isCurrency(String unit) {
    return CURRENCIES.contains(unit)
        || unit.codePoints().allMatch(c -> Character.getType(c) == Character.CURRENCY_SYMBOL);
  }

  private static boolean isUnit(String after) {
    return after.length() <= LONGEST_UNIT
        && after
            .codePoints()
            .allMatch(
                c ->
                    Character.isLetter(c)
                        || Character.getType(c) == Character.CURRENCY_SYMBOL
                        || "%‰°/.²³ ".indexOf(c) >= 0);
  }

  /**
   * The number.
   *
   * @param decimal the sign before its decimals
   * @return null if the digits do not follow this notation
   */
  public Double value(NumberNotation.Decimal decimal) {
    StringBuilder plain = new StringBuilder(digits.length() + 1);
    plain.append(negative ? "-" : "");
    int end = whole(decimal, plain);
    if (end < 0) {
      return null;
    }
    if (end < digits.length() && digits.charAt(end) == decimal.sign()) {
      plain.append('.');
      end++;
      int decimals = end;
      while (end < digits.length() && isDigit(digits.charAt(end))) {
        plain.append(digits.charAt(end++));
      }
      if (end == decimals) {
        return null;
      }
    }
    if (!exponent(end)) {
      return null;
    }
    return Double.valueOf(plain.append(digits, end, digits.length()).toString());
  }

  /** Copies the digits before the decimals, and returns where they end; -1 if they are none. */
  private int whole(NumberNotation.Decimal decimal, StringBuilder plain) {
    char separator = 0;
    int group = 0;
    int at = 0;
    for (; at < digits.length(); at++) {
      char c = digits.charAt(at);
      if (isDigit(c)) {
        plain.append(c);
        group++;
      } else if (c == decimal.grouping() || SEPARATORS.indexOf(c) >= 0) {
        boolean leading = separator == 0;
        boolean size = leading ? group >= 1 && group <= GROUP : group >= 2 && group <= GROUP;
        boolean zero = leading && digits.charAt(0) == '0';
        if (!size || zero || !leading && c != separator) {
          return -1;
        }
        separator = c;
        group = 0;
      } else {
        break;
      }
    }
    boolean code = separator == 0 && group > 1 && digits.charAt(0) == '0';
    return code || separator != 0 && group != GROUP ? -1 : at;
  }

  private boolean exponent(int from) {
    if (from == digits.length()) {
      return true;
    }
    char mark = digits.charAt(from);
    int at = from + 1;
    if (mark != 'e' && mark != 'E' || from == 0) {
      return false;
    }
    at += at < digits.length() && (digits.charAt(at) == '+' || digits.charAt(at) == '-') ? 1 : 0;
    int exponent = at;
    while (at < digits.length() && isDigit(digits.charAt(at))) {
      at++;
    }
    return at == digits.length() && at > exponent;
  }
}
