package io.lift.model.training;

import io.lift.core.prompt.NumberGrid;
import io.lift.model.text.Sequence;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How many rows have which number: of each column with places on a grid, the rows at each place.
 */
final class GridHistogram {
  /** Share of the rows that stands at a spike. */
  private static final double SHARE = 0.1;

  /** So many rows at least, for a few may meet by chance. */
  private static final int FEWEST_ROWS = 20;

  /** How many times as many rows as at any place near by. */
  private static final int TIMES = 3;

  private static final int NEAR = 5;

  /** A column with fewer places has steps, and no spikes. */
  private static final int FEWEST_PLACES = 20;

  private final Map<Integer, int[]> columns = new HashMap<>(); // by the token of place 0
  private final int rows;

  /**
   * @param rows whose prompts are counted
   */
  GridHistogram(Sequence[] rows) {
    this.rows = rows.length;
    for (Sequence row : rows) {
      for (int i = 0; i < row.length() - row.completion(); i++) {
        int zero = row.zeros()[i];
        if (zero != Sequence.FIXED) {
          columns.computeIfAbsent(zero, z -> new int[NumberGrid.SIZE])[row.ids()[i] - zero]++;
        }
      }
    }
  }

  /** The columns, by the tokens of their place 0. */
  Set<Integer> columns() {
    return columns.keySet();
  }

  /**
   * Single places at which the numbers of a column pile up: the zero of an amount that many rows do
   * not have. Such a place means something else than those beside it, so noise must not blur it.
   *
   * @return their tokens
   */
  Set<Integer> spikes() {
    Set<Integer> spikes = new HashSet<>();
    columns.forEach(
        (zero, counts) -> {
          for (int place = 0; place < counts.length; place++) {
            if (counts[place] >= Math.max(FEWEST_ROWS, SHARE * rows) && stands(counts, place)) {
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
