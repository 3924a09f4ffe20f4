package io.lift.model.ensemble;

import io.lift.model.random.SeededRandom;
import io.lift.model.text.Sequence;
import java.util.HashMap;
import java.util.Map;

/**
 * Divides rows into folds by a hash of their prompts, so that a row is in the same fold whenever it
 * is read again. Rows with equal prompts go to each fold in turn.
 */
public final class Folds {
  private Folds() {}

  /**
   * @param rows fresh rows first, then rehearsed ones, each in the order of the log
   * @param fresh how many rows are fresh
   * @return the fold of each row, 0..3
   */
  public static int[] of(Sequence[] rows, int fresh) {
    int[] folds = new int[rows.length];
    Map<Long, Integer> seen = new HashMap<>();
    for (int n = 0; n < rows.length; n++) {
      int i = (n + fresh) % rows.length; // the rehearsed ones came earlier
      long hash = hash(rows[i]);
      int earlier = seen.merge(hash, 1, Integer::sum) - 1;
      folds[i] = (int) Math.floorMod(hash + earlier, (long) Ensemble.FOLDS);
    }
    return folds;
  }

  private static long hash(Sequence row) {
    long hash = row.length();
    for (int i = 0; i < row.length() - row.completion(); i++) {
      hash = SeededRandom.mix(hash, row.ids()[i]);
    }
    return hash;
  }
}
