package io.lift.cli.term;

import java.util.List;

/** A row of small bars, one character per value. */
public final class Sparkline {
  private static final String BARS = "▁▂▃▄▅▆▇█";

  private Sparkline() {}

  /**
   * @param values what to draw; NaN leaves a gap
   * @param low value of the smallest bar
   * @param high value of the tallest bar
   */
  public static String of(List<Double> values, double low, double high) {
    StringBuilder line = new StringBuilder();
    for (double value : values) {
      if (Double.isNaN(value)) {
        line.append(' ');
        continue;
      }
      int bar = (int) Math.round((value - low) / (high - low) * (BARS.length() - 1));
      line.append(BARS.charAt(Math.max(0, Math.min(BARS.length() - 1, bar))));
    }
    return line.toString();
  }
}
