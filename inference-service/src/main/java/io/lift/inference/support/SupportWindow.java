package io.lift.inference.support;

import io.lift.messages.PredictionMessage.Predictor;
import java.util.List;

/**
 * How many of the newest labelled rows are read, and how often. Windows end at offsets of {@code
 * lift.prompts} that are multiples of a step, so what a row's answer is based on follows from the
 * log alone, as long as reading keeps up.
 *
 * @param rows how many at most
 * @param shorter rows of the next shorter window; 0 for none
 * @param step offsets between two ends
 * @param behind steps between the newest end and the one that is used, as time to read it
 * @param boosted whether trees are boosted on it instead of reading it in context. That takes so
 *     little time that it is done at the same steps on a busy machine
 */
record SupportWindow(int rows, int shorter, int step, int behind, boolean boosted) {
  /** Fewer rows are not answered from. */
  static final int LEAST_ROWS = 8;

  /** What learns a row at once uses no more rows either. */
  static final int MOST_ROWS = 1024;

  /**
   * Those that are read, from the shortest to the longest, with the boosted one in their midst.
   * Short ones follow a drift, long ones know more.
   */
  static final List<SupportWindow> ALL =
      List.of(
          new SupportWindow(64, 0, 20, 0, false),
          new SupportWindow(MOST_ROWS, 64, 100, 0, true),
          new SupportWindow(256, 64, 40, 0, false),
          new SupportWindow(MOST_ROWS, 256, 80, 1, false));

  private static final List<SupportWindow> READ =
      ALL.stream().filter(window -> !window.boosted()).toList();

  private static final int FIRST = 64;
  private static final int FIRST_STEP = 5;
  private static final int EARLY = 200;
  private static final int EARLY_STEP = 20;

  /** All windows, or those that are read in context. */
  static List<SupportWindow> of(boolean boosted) {
    return boosted ? ALL : READ;
  }

  /** The name of the predictor that reads it. */
  String predictor() {
    return boosted ? Predictor.boosting(rows) : Predictor.context(rows);
  }

  /** Whether no window is shorter. */
  boolean shortest() {
    return shorter == 0;
  }

  /** With fewer rows there is nothing to answer from that a shorter window has not. */
  int least() {
    return Math.max(LEAST_ROWS, shorter + 1);
  }

  /**
   * The end of the window for a row: labelled rows from this offset on are not read. A task's first
   * rows are read soon, because each of them matters and few are read in a moment.
   *
   * @param position the row's place among the labelled rows, as an offset
   * @param before how many labelled rows are before it
   * @param pace steps from one end to the next, see {@link ReadingPace}
   */
  long end(long position, int before, int pace) {
    if (before < EARLY) {
      long early = (long) (before < FIRST ? FIRST_STEP : EARLY_STEP) * pace;
      return position / early * early;
    }
    long apart = (long) step * (boosted ? 1 : pace);
    return (position / apart - behind) * apart;
  }
}
