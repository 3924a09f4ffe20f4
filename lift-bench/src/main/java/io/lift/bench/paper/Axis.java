package io.lift.bench.paper;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A linear axis from figures to pixels.
 *
 * @param low the figure at {@code from}
 * @param high the figure at {@code to}
 * @param from pixel of the low end
 * @param to pixel of the high end, which may be smaller
 */
record Axis(double low, double high, double from, double to) {
  private static final int TICKS = 5;

  /** An axis around figures whose ends are round. */
  static Axis around(double low, double high, double from, double to) {
    double least = high > low ? low : high - Math.max(1e-3, Math.abs(high) / 10);
    double step = step(high - least);
    return new Axis(
        Math.floor(least / step) * step,
        Math.ceil(high / step - 1e-9) * step, // 100 % is not to become 100.0…1 and a step more
        from,
        to);
  }

  /** Where a figure stands; one beyond an end stands at the end. */
  double at(double figure) {
    double part = (figure - low) / (high - low);
    return from + Math.max(0, Math.min(1, part)) * (to - from);
  }

  boolean contains(double figure) {
    return figure >= low && figure <= high;
  }

  /** Round figures between the ends. */
  List<Double> ticks() {
    double step = step(high - low);
    List<Double> ticks = new ArrayList<>();
    for (int i = (int) Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  /** A tick's figure with as many digits as the ticks need. */
  String show(double tick) {
    double step = step(high - low);
    int digits = (int) Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
    return String.format(Locale.ROOT, "%." + digits + "f", tick + 0.0);
  }

  /** 1, 2 or 5 times a power of ten. */
  private static double step(double spread) {
    double rough = spread / TICKS;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double times = rough / power;
    return power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
  }
}
