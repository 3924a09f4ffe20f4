package io.lift.model.training;

import io.lift.core.prompt.NumberGrid;
import io.lift.model.text.Sequence;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Single places at which the numbers of a column pile up: the zero of an amount that many rows do
 * not have. Such a place means something else than those beside it, so noise must not blur it.
 */
final class Spikes {
  /** Share of the rows that stands there. */
  private static final double SHARE = 0.1;

  /** So many rows at least, for a few may meet by chance. */
  private static final int FEWEST_ROWS = 20;

  /** How many times as many rows as at any place near by. */
  private static final int TIMES = 3;

  private static final int NEAR = 5;

  /** A column with fewer places has steps, and no spikes. */
  private static final int FEWEST_PLACES = 20;

  private Spikes() {}

  /**
   * @param rows as they are asked
   * @return tokens of places in prompts
   */
  static Set<Integer> of(Sequence[] rows) {
    Map<Integer, int[]> columns = new HashMap<>(); // rows at each place, by the token of place 0
    for (Sequence row : rows) {
      for (int i = 0; i < row.length() - row.completion(); i++) {
        int zero = row.zeros()[i];
        if (zero != Sequence.FIXED) {
          columns.computeIfAbsent(zero, z -> new int[NumberGrid.SIZE])[row.ids()[i] - zero]++;
        }
      }
    }
    Set<Integer> spikes = new HashSet<>();
    columns.forEach(
        (zero, counts) -> {
          for (int place = 0; place < counts.length; place++) {
            if (counts[place] >= Math.max(FEWEST_ROWS, SHARE * rows.length)
                && stands(counts, place)) {
              spikes.add(zero + place);
            }
          }
        });
    return spikes;
  }

  private static boolean stands(int[] counts, int place) {
    int places = 0;
    int highest = 0;
    for (int other = 0; other < counts.length; other++) {
      if (other != place && counts[other] > 0) {
        places++;
        highest = Math.abs(other - place) <= NEAR ? Math.max(highest, counts[other]) : highest;
      }
    }
    return places >= FEWEST_PLACES && counts[place] >= TIMES * highest;
  }
}
