package io.lift.core.prompt;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * Numbers with a fixed number of digits after the point, exactly as C's and Python's {@code %.Nf}:
 * the double's exact value, rounded half to even. From 1e15 on, four significant digits with an
 * exponent ({@code 1.235e+18}).
 */
final class Decimals {
  private static final double HUGE = 1e15;
  private static final double[] POWERS = new double[13];

  static {
    for (int i = 0; i < POWERS.length; i++) {
      POWERS[i] = Math.pow(10, i);
    }
  }

  private Decimals() {}

  /**
   * Appends a finite number.
   *
   * @param decimals digits after the point, 0..12
   */
  static void append(StringBuilder out, double value, int decimals) {
    if (Math.abs(value) >= HUGE) {
      out.append(String.format(Locale.ROOT, "%.3e", value));
      return;
    }
    double scaled = Math.abs(value) * POWERS[decimals];
    double whole = Math.floor(scaled);
    if (scaled < 1e12 && Math.abs(scaled - whole - 0.5) > 1e-3) {
      appendScaled(out, value, (long) Math.rint(scaled), decimals);
    } else {
      // too large, or too close to a tie, for double arithmetic to round correctly
      appendExact(out, value, decimals);
    }
  }

  private static void appendScaled(StringBuilder out, double value, long scaled, int decimals) {
    if (Double.doubleToRawLongBits(value) < 0) {
      out.append('-');
    }
    long power = (long) POWERS[decimals];
    out.append(scaled / power);
    if (decimals > 0) {
      String fraction = Long.toString(scaled % power);
      out.append('.');
      for (int i = fraction.length(); i < decimals; i++) {
        out.append('0');
      }
      out.append(fraction);
    }
  }

  private static void appendExact(StringBuilder out, double value, int decimals) {
    if (Double.doubleToRawLongBits(value) < 0) {
      out.append('-');
    }
    out.append(
        new BigDecimal(Math.abs(value)).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString());
  }
}
