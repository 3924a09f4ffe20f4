package io.lift.trainer.training;

import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a task remembers for the sake of renewals, in memory only: how likely the committees that
 * served held the answers of its newest rows before they learnt them, and how many rows it had when
 * a renewal was tried in vain. Guarded by the lock of {@link AssignmentState}.
 */
final class BaselineScores {
  /** Rows that are remembered. */
  static final int NEWEST = 2_000;

  private final NavigableMap<Long, Double> served = new TreeMap<>();
  private int triedWith;

  /**
   * Remembers some rows.
   *
   * @param rows in the order of the log
   * @param logs the log likelihood of each one's answer, in nats
   */
  void served(List<WindowRow> rows, double[] logs) {
    for (int i = 0; i < logs.length; i++) {
      served.put(rows.get(i).offset(), logs[i]);
    }
    while (served.size() > NEWEST) {
      served.pollFirstEntry();
    }
  }

  /** The log likelihoods of the rows from an offset on, by offset. */
  SortedMap<Long, Double> servedFrom(long offset) {
    return served.tailMap(offset, true);
  }

  /** What served is no longer what goes on. */
  void forget() {
    served.clear();
  }

  /** A renewal came to nothing; the next waits until there are half as many rows again. */
  void tried(int rows) {
    triedWith = rows;
  }

  boolean grown(int rows) {
    return 2L * rows >= 3L * triedWith;
  }
}
