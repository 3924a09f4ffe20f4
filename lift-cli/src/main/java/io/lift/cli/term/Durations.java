package io.lift.cli.term;

/** Durations as people say them. */
public final class Durations {
  private Durations() {}

  /** e.g. {@code 850 ms}, {@code 12 s}, {@code 5 min}, {@code 3 h}, {@code 2 d}. */
  public static String show(long millis) {
    long seconds = millis / 1000;
    if (seconds < 1) {
      return Math.max(0, millis) + " ms";
    }
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 2 * 3600) {
      return seconds / 60 + " min";
    }
    return seconds < 48 * 3600 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
  }
}
