package io.lift.inference.support;

import java.util.List;

/**
 * How many of the newest labelled rows are read, and how often. Windows end at offsets of {@code
 * lift.prompts} that are multiples of a step, so what a row's answer is based on follows from the
 * log alone.
 *
 * @param rows how many at most
 * @param step offsets between two ends
 * @param behind steps between the newest end and the one that is used, as time to read it
 */
record SupportWindow(int rows, int step, int behind) {
  /** Fewer rows are not answered from. */
  static final int LEAST_ROWS = 8;

  /** From the shortest to the longest. Short ones follow a drift, long ones know more. */
  static final List<SupportWindow> ALL =
      List.of(
          new SupportWindow(64, 5, 0),
          new SupportWindow(256, 20, 0),
          new SupportWindow(1024, 40, 1));

  private static final int EARLY = 200;
  private static final int EARLY_STEP = 5;

  /** The name of the predictor that reads it. */
  String predictor() {
    return "context-" + rows;
  }

  /**
   * The end of the window for a row: labelled rows from this offset on are not read. A task's first
   * rows are read soon, because each of them matters and few are read in a moment.
   *
   * @param position the row's place among the labelled rows, as an offset
   * @param before how many labelled rows are before it
   */
  long end(long position, int before) {
    if (before < EARLY) {
      return position / EARLY_STEP * EARLY_STEP;
    }
    return (position / step - behind) * step;
  }
}
