package io.lift.trainer.retrain;

import io.lift.trainer.prompts.WindowRow;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a retraining of one task is compared with, in memory only: the log likelihood that the
 * serving ensembles gave to the answers of the task's newest rows before they were trained on them.
 * It also holds the number of rows at the last retraining without success. Not thread-safe.
 */
public final class BaselineScores {
  /** Rows whose scores are kept. */
  public static final int NEWEST = 2_000;

  private final NavigableMap<Long, Double> scores = new TreeMap<>();
  private int triedWith;

  /**
   * Adds the scores of some rows.
   *
   * @param rows in the order of the log
   * @param logLikelihoods of each row's answer, in nats
   */
  public void add(List<WindowRow> rows, double[] logLikelihoods) {
    for (int i = 0; i < logLikelihoods.length; i++) {
      scores.put(rows.get(i).offset(), logLikelihoods[i]);
    }
    while (scores.size() > NEWEST) {
      scores.pollFirstEntry();
    }
  }

  /** The log likelihoods of the rows from an offset on, by offset. */
  public SortedMap<Long, Double> from(long offset) {
    return scores.tailMap(offset, true);
  }

  /** Removes all scores, because another ensemble serves from now on. */
  public void clear() {
    scores.clear();
  }

  /**
   * A retraining had no success; the next waits until there are half as many rows again.
   *
   * @param rows in the window now
   */
  public void tried(int rows) {
    triedWith = rows;
  }

  /** Whether the window has grown by half since the last retraining without success. */
  boolean grown(int rows) {
    return 2L * rows >= 3L * triedWith;
  }
}
