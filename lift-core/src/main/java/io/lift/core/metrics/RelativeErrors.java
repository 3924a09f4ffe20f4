package io.lift.core.metrics;

import java.util.Map;
import java.util.TreeMap;

/**
 * The median of relative errors, in bounded memory: a histogram on a logarithmic scale whose bins
 * are 1.2 % wide. Rows can be removed again. Not thread-safe.
 */
final class RelativeErrors {
  private static final int BINS_PER_DECADE = 200;

  /** Smaller errors count as none, and larger ones as this many decades. */
  private static final int DECADES = 6;

  private static final int LAST = DECADES * BINS_PER_DECADE;

  private final TreeMap<Integer, Long> bins = new TreeMap<>();
  private long count;

  /**
   * Adds a row, or removes it.
   *
   * @param truth a row whose truth is 0 has no relative error and is not counted
   * @param sign 1 or -1
   */
  void add(double truth, double value, int sign) {
    double error = Math.abs(value - truth) / Math.abs(truth);
    if (Double.isNaN(error) || truth == 0) {
      return;
    }
    double place = Math.rint(BINS_PER_DECADE * Math.log10(error));
    bins.merge((int) Math.max(-LAST, Math.min(LAST, place)), (long) sign, Long::sum);
    bins.values().remove(0L);
    count += sign;
  }

  /** The median, to half a percent of itself; null if no row was counted. */
  Double median() {
    long left = (count + 1) / 2;
    for (Map.Entry<Integer, Long> bin : bins.entrySet()) {
      left -= bin.getValue();
      if (left <= 0) {
        return bin.getKey() == -LAST ? 0 : Math.pow(10, bin.getKey() / (double) BINS_PER_DECADE);
      }
    }
    return null;
  }

  /** The rows by bin. */
  Map<Integer, Long> state() {
    return Map.copyOf(bins);
  }

  void reset(Map<Integer, Long> state) {
    bins.clear();
    bins.putAll(state);
    count = bins.values().stream().mapToLong(rows -> rows).sum();
  }
}
