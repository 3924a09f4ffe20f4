package io.lift.evaluator.scoring;

import java.util.Map;
import java.util.TreeMap;

/**
 * A histogram of latencies whose bins are 2 % wide, so that a quantile is right to 1 %; latencies
 * can be added and taken away again.
 */
final class Latencies {
  private static final double WIDTH = Math.log(1.02);
  private static final double LEAST_MILLIS = 0.01;

  private final TreeMap<Integer, Integer> bins = new TreeMap<>();
  private long count;

  void add(double millis) {
    bins.merge(bin(millis), 1, Integer::sum);
    count++;
  }

  /** Takes back a latency that was added. */
  void remove(double millis) {
    bins.computeIfPresent(bin(millis), (bin, n) -> n == 1 ? null : n - 1);
    count--;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /**
   * @param fraction 0.5 for the median
   * @return milliseconds
   */
  double quantile(double fraction) {
    long left = (long) Math.ceil(fraction * count);
    for (Map.Entry<Integer, Integer> bin : bins.entrySet()) {
      left -= bin.getValue();
      if (left <= 0) {
        return LEAST_MILLIS * Math.exp((bin.getKey() + 0.5) * WIDTH);
      }
    }
    throw new IllegalStateException("no latency yet");
  }

  private static int bin(double millis) {
    return (int) Math.floor(Math.log(Math.max(millis, LEAST_MILLIS) / LEAST_MILLIS) / WIDTH);
  }
}
