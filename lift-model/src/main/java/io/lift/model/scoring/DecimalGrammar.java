package io.lift.model.scoring;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The numbers that an answer may be, as text: an optional minus, digits without leading zeros, and
 * a fixed number of digits after the point, as {@code %.4f} writes them. Immutable.
 *
 * @param decimals digits after the point; 0 for integers without a point
 * @param digits before the point at most
 */
public record DecimalGrammar(int decimals, int digits) {
  private static final Pattern PREFIX = Pattern.compile("(-?)(0|[1-9][0-9]*)?(?:(\\.)([0-9]*))?");

  public DecimalGrammar {
    if (decimals < 0 || decimals > 12 || digits < 1 || digits > 15) {
      throw new IllegalArgumentException("decimals must be 0..12 and digits 1..15");
    }
  }

  /** Numbers of a range, and beyond it by the width of the range. */
  public static DecimalGrammar of(int decimals, double min, double max) {
    double far = Math.max(Math.abs(min), Math.abs(max)) + (max - min);
    int digits = (int) Math.floor(Math.log10(Math.max(1, far))) + 1;
    return new DecimalGrammar(decimals, Math.min(15, digits));
  }

  /**
   * The numbers with some prefix.
   *
   * @param lower the smallest value that rounds to one of them
   * @param upper the largest
   */
  public record Range(double lower, double upper) {
    double width() {
      return upper - lower;
    }
  }

  /** Whether some number begins with a text, or is it. */
  public boolean isPrefix(String text) {
    Matcher parts = PREFIX.matcher(text);
    if (!parts.matches()) {
      return false;
    }
    String whole = parts.group(2);
    boolean point = parts.group(3) != null;
    return (whole == null ? !point : whole.length() <= digits)
        && (!point || decimals > 0 && parts.group(4).length() <= decimals);
  }

  /** Whether a text is a number. */
  public boolean isComplete(String text) {
    Matcher parts = PREFIX.matcher(text);
    return parts.matches()
        && parts.group(2) != null
        && (decimals == 0
            ? parts.group(3) == null
            : parts.group(3) != null && parts.group(4).length() == decimals);
  }

  /** Whether a longer number begins with a text. */
  public boolean canContinue(String text) {
    return isPrefix(text + "0") || isPrefix(text + "1") || decimals > 0 && isPrefix(text + ".");
  }

  /** The numbers that begin with a text. */
  public Range range(String text) {
    Matcher parts = PREFIX.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("no number begins with " + text);
    }
    double unit = Math.pow(10, -decimals);
    String whole = parts.group(2);
    double least;
    double most;
    if (whole == null) {
      least = 0;
      most = Math.pow(10, digits) - unit;
    } else if (parts.group(3) == null) {
      long value = Long.parseLong(whole);
      int more = value == 0 ? 0 : digits - whole.length();
      least = value;
      most = (value + 1) * Math.pow(10, more) - unit;
    } else {
      double known = Math.pow(10, -parts.group(4).length());
      least = Double.parseDouble(whole + "." + parts.group(4) + "0");
      most = least + known - unit;
    }
    boolean negative = !parts.group(1).isEmpty();
    boolean either = text.isEmpty();
    double lower = negative || either ? -most : least;
    double upper = negative ? -least : most;
    return new Range(lower - unit / 2, upper + unit / 2);
  }
}
