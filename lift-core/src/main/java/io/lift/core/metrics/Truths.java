package io.lift.core.metrics;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The truths of scored rows, for their spread around the mean. They are exact in a window, and in a
 * total with few distinct values. A longer total keeps groups of neighbouring values, each with its
 * mean and size. The sum of squares stays exact. In the sum of distances, only the group around the
 * overall mean (at most 1/128 of the rows) causes an error.
 */
final class Truths {
  private static final int GROUPS = 128;
  private static final int MAX_GROUPS = 4 * GROUPS;

  private final boolean grouping;
  private final TreeMap<Double, Long> counts = new TreeMap<>();
  private double within; // sum of squares around the groups' means
  private long count;

  Truths(boolean grouping) {
    this.grouping = grouping;
  }

  void add(double truth) {
    counts.merge(truth, 1L, Long::sum);
    count++;
    if (grouping && counts.size() > MAX_GROUPS) {
      group();
    }
  }

  void remove(double truth) {
    if (grouping) {
      throw new IllegalStateException("rows cannot be removed from a total; use a rolling window");
    }
    if (!counts.containsKey(truth)) {
      throw new IllegalArgumentException(truth + " is not in the window");
    }
    counts.computeIfPresent(truth, (value, n) -> n == 1 ? null : n - 1);
    count--;
  }

  private double mean() {
    CompensatedSum sum = new CompensatedSum();
    counts.forEach((value, n) -> sum.add(value * n));
    return sum.value() / count;
  }

  /** Sum of the distances from the mean. */
  double distances() {
    double mean = mean();
    CompensatedSum sum = new CompensatedSum();
    counts.forEach((value, n) -> sum.add(Math.abs(value - mean) * n));
    return sum.value();
  }

  /** Sum of the squared distances from the mean. */
  double squares() {
    double mean = mean();
    CompensatedSum sum = new CompensatedSum();
    counts.forEach((value, n) -> sum.add((value - mean) * (value - mean) * n));
    return sum.value() + within;
  }

  /** Merges neighbours until no two of them together fit into one group. */
  private void group() {
    long size = count / GROUPS;
    TreeMap<Double, Long> groups = new TreeMap<>();
    double center = counts.firstKey();
    long inGroup = 0;
    for (Map.Entry<Double, Long> next : counts.entrySet()) {
      long n = next.getValue();
      if (inGroup > 0 && inGroup + n > size) {
        groups.merge(center, inGroup, Long::sum);
        inGroup = 0;
      }
      double step = next.getKey() - center;
      within += inGroup == 0 ? 0 : step * step * inGroup * n / (inGroup + n);
      center = inGroup == 0 ? next.getKey() : center + step * n / (inGroup + n);
      inGroup += n;
    }
    groups.merge(center, inGroup, Long::sum);
    counts.clear();
    counts.putAll(groups);
  }

  double[] values() {
    return counts.keySet().stream().mapToDouble(Double::doubleValue).toArray();
  }

  long[] sizes() {
    return counts.values().stream().mapToLong(Long::longValue).toArray();
  }

  double within() {
    return within;
  }

  void reset(double[] values, long[] sizes, double within) {
    counts.clear();
    for (int i = 0; i < values.length; i++) {
      counts.put(values[i], sizes[i]);
    }
    count = Arrays.stream(sizes).sum();
    this.within = within;
  }
}
