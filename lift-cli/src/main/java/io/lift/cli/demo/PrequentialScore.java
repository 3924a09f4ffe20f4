package io.lift.cli.demo;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Test-then-train accuracy of a stream of two-class rows, each predicted before it was learned.
 * Rows are counted from 0. Thread-safe.
 */
public final class PrequentialScore {
  private static final int LATENCIES = 2_000;

  private final BitSet groupA = new BitSet();
  private final BitSet bestRight = new BitSet();
  private final BitSet answered = new BitSet();
  private final BitSet right = new BitSet();
  private final double[] latencies = new double[LATENCIES];
  private long latencyCount;
  private int rows;
  private int answers;

  /**
   * Accuracies over some rows, as parts of 1; NaN where no row was answered.
   *
   * @param model part that the model answered right
   * @param majority part of the commoner class
   * @param best part that the best possible reader of the shown row answers right
   * @param answers rows answered
   */
  public record Accuracies(double model, double majority, double best, int answers) {}

  /**
   * Adds the next row.
   *
   * @param isGroupA its label
   * @param isBestRight whether the generating function gives that label to the row as shown
   * @return the row's number
   */
  public synchronized int sent(boolean isGroupA, boolean isBestRight) {
    groupA.set(rows, isGroupA);
    bestRight.set(rows, isBestRight);
    return rows++;
  }

  /**
   * @param isGroupA what the model answered
   * @param millis how long the answer took
   */
  public synchronized void answered(int row, boolean isGroupA, double millis) {
    if (answered.get(row)) {
      return;
    }
    answered.set(row);
    right.set(row, isGroupA == groupA.get(row));
    answers++;
    latencies[(int) (latencyCount++ % LATENCIES)] = millis;
  }

  /** The label of a row that was sent. */
  synchronized boolean isGroupA(int row) {
    return groupA.get(row);
  }

  public synchronized int rows() {
    return rows;
  }

  public synchronized int answers() {
    return answers;
  }

  /** Accuracies over the answered rows of {@code [from, to)}. */
  public synchronized Accuracies between(int from, int to) {
    int count = 0;
    int model = 0;
    int best = 0;
    int a = 0;
    int start = answered.nextSetBit(Math.max(0, from));
    for (int row = start; row >= 0 && row < to; row = answered.nextSetBit(row + 1)) {
      count++;
      model += right.get(row) ? 1 : 0;
      best += bestRight.get(row) ? 1 : 0;
      a += groupA.get(row) ? 1 : 0;
    }
    double n = count == 0 ? Double.NaN : count;
    return new Accuracies(model / n, Math.max(a, count - a) / n, best / n, count);
  }

  /** Accuracies over the newest answered rows. */
  public synchronized Accuracies newest(int window) {
    int from = answered.length();
    for (int left = window; left > 0 && from > 0; left--) {
      int previous = answered.previousSetBit(from - 1);
      if (previous < 0) {
        break;
      }
      from = previous;
    }
    return between(from, answered.length());
  }

  /**
   * A quantile of the newest latencies in milliseconds; NaN before the first answer.
   *
   * @param quantile 0..1
   */
  public synchronized double latency(double quantile) {
    int count = (int) Math.min(latencyCount, LATENCIES);
    if (count == 0) {
      return Double.NaN;
    }
    double[] sorted = Arrays.copyOf(latencies, count);
    Arrays.sort(sorted);
    return sorted[(int) Math.min(count - 1, Math.floor(quantile * count))];
  }
}
