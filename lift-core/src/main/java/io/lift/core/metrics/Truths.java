package io.lift.core.metrics;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The true values of scored rows, for their spread around their mean: exact in a window, and in a
 * total too while it has few distinct values; a longer total keeps groups of neighbouring values,
 * each with its mean and size. Only the group in which the overall mean lies (at most 1/128 of the
 * rows) can then falsify the sum of distances, and the sum of squares stays exact.
 */
final class Truths {
  private static final int GROUPS = 128;
  private static final int MOST_GROUPS = 4 * GROUPS;

  private final boolean grouping;
  private final TreeMap<Double, Long> counts = new TreeMap<>();
  private double within; // sum of squares around the groups' means, lost by grouping
  private long count;

  Truths(boolean grouping) {
    this.grouping = grouping;
  }

  void add(double truth) {
    counts.merge(truth, 1L, Long::sum);
    count++;
    if (grouping && counts.size() > MOST_GROUPS) {
      group();
    }
  }

  void remove(double truth) {
    if (grouping) {
      throw new IllegalStateException("a total cannot be taken back; use a rolling window");
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

  /** Merges neighbours until no two of them together are smaller than a group should be. */
  private void group() {
    long size = count / GROUPS;
    TreeMap<Double, Long> groups = new TreeMap<>();
    double center = counts.firstKey();
    long members = 0;
    for (Map.Entry<Double, Long> next : counts.entrySet()) {
      long n = next.getValue();
      if (members > 0 && members + n > size) {
        groups.merge(center, members, Long::sum);
        members = 0;
      }
      double step = next.getKey() - center;
      within += members == 0 ? 0 : step * step * members * n / (members + n);
      center = members == 0 ? next.getKey() : center + step * n / (members + n);
      members += n;
    }
    groups.merge(center, members, Long::sum);
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
