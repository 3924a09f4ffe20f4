package io.lift.model.scoring;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The numbers that an answer may be, as text: a minus or none, digits without needless zeros, and a
 * fixed number of digits after the point, as {@code %.4f} writes them. Immutable.
 *
 * @param decimals digits after the point; 0 for integers without a point
 * @param digits most digits before the point
 */
public record DecimalGrammar(int decimals, int digits) {
  private static final Pattern BEGINNING =
      Pattern.compile("(-?)(0|[1-9][0-9]*)?(?:(\\.)([0-9]*))?");

  public DecimalGrammar {
    if (decimals < 0 || decimals > 12 || digits < 1 || digits > 15) {
      throw new IllegalArgumentException("decimals must be 0..12 and digits 1..15");
    }
  }

  /** Numbers up to as far beyond a range as the range is wide. */
  public static DecimalGrammar of(int decimals, double min, double max) {
    double far = Math.max(Math.abs(min), Math.abs(max)) + (max - min);
    int digits = (int) Math.floor(Math.log10(Math.max(1, far))) + 1;
    return new DecimalGrammar(decimals, Math.min(15, digits));
  }

  /**
   * Numbers that begin with some text.
   *
   * @param lower the smallest value that rounds to one of them
   * @param upper the largest
   */
  public record Range(double lower, double upper) {
    double width() {
      return upper - lower;
    }
  }

  /** Whether a number can begin so, or be it. */
  public boolean begins(String text) {
    Matcher parts = BEGINNING.matcher(text);
    if (!parts.matches()) {
      return false;
    }
    String whole = parts.group(2);
    boolean point = parts.group(3) != null;
    return (whole == null ? !point : whole.length() <= digits)
        && (!point || decimals > 0 && parts.group(4).length() <= decimals);
  }

  /** Whether it is a number as it stands. */
  public boolean complete(String text) {
    Matcher parts = BEGINNING.matcher(text);
    return parts.matches()
        && parts.group(2) != null
        && (decimals == 0
            ? parts.group(3) == null
            : parts.group(3) != null && parts.group(4).length() == decimals);
  }

  /** Whether a number is longer than this beginning of it. */
  public boolean goesOn(String text) {
    return begins(text + "0") || begins(text + "1") || decimals > 0 && begins(text + ".");
  }

  /** The numbers that begin so. */
  public Range range(String text) {
    Matcher parts = BEGINNING.matcher(text);
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
