package io.lift.model.ensemble;

import io.lift.model.random.SeededRandom;
import io.lift.model.text.Sequence;
import java.util.HashMap;
import java.util.Map;

/**
 * Deals rows into parts by what stands in them, so that a row is in the same part whenever it is
 * read again. Rows that read alike are dealt one to each part in turn.
 */
public final class Folds {
  private Folds() {}

  /**
   * @param rows fresh rows first, then rehearsed ones, each in the order of the log
   * @param fresh how many are fresh
   * @return the part of each row, 0..3
   */
  public static int[] of(Sequence[] rows, int fresh) {
    int[] folds = new int[rows.length];
    Map<Long, Integer> seen = new HashMap<>();
    for (int n = 0; n < rows.length; n++) {
      int i = (n + fresh) % rows.length; // the rehearsed ones came earlier
      long hash = hash(rows[i]);
      int times = seen.merge(hash, 1, Integer::sum) - 1;
      folds[i] = (int) Math.floorMod(hash + times, (long) Ensemble.FOLDS);
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
