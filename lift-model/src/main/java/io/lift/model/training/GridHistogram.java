package io.lift.model.training;

import io.lift.core.prompt.NumberGrid;
import io.lift.model.text.Sequence;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Histograms of the number columns: for each column on a grid, the rows at each grid position. */
final class GridHistogram {
  /** The share of the rows that a spike has at least. */
  private static final double MIN_SHARE = 0.1;

  /** The rows that a spike has at least, because a few may coincide by chance. */
  private static final int MIN_ROWS = 20;

  /** A spike has this many times the rows of any other position near it. */
  private static final int TIMES = 3;

  private static final int NEAR = 5;

  /** A column with fewer positions in use has steps, and no spikes. */
  private static final int MIN_POSITIONS = 20;

  private final Map<Integer, int[]> columns = new HashMap<>(); // by the token of position 0
  private final int rows;

  /**
   * @param rows whose prompts are counted
   */
  GridHistogram(Sequence[] rows) {
    this.rows = rows.length;
    for (Sequence row : rows) {
      for (int i = 0; i < row.length() - row.completion(); i++) {
        int zero = row.gridStarts()[i];
        if (zero != Sequence.NO_GRID) {
          columns.computeIfAbsent(zero, z -> new int[NumberGrid.SIZE])[row.ids()[i] - zero]++;
        }
      }
    }
  }

  /** The columns, by the tokens of their position 0. */
  Set<Integer> columns() {
    return columns.keySet();
  }

  /**
   * Positions with many more rows than their neighbours, as the zero of an amount that many rows do
   * not have. A spike means something else than the positions near it, so noise must not blur it.
   *
   * @return their tokens
   */
  Set<Integer> spikes() {
    Set<Integer> spikes = new HashSet<>();
    columns.forEach(
        (zero, counts) -> {
          for (int position = 0; position < counts.length; position++) {
            if (counts[position] >= Math.max(MIN_ROWS, MIN_SHARE * rows)
                && exceedsNeighbours(counts, position)) {
              spikes.add(zero + position);
            }
          }
        });
    return spikes;
  }

  private static boolean exceedsNeighbours(int[] counts, int position) {
    int used = 0;
    int highest = 0;
    for (int other = 0; other < counts.length; other++) {
      if (other != position && counts[other] > 0) {
        used++;
        highest = Math.abs(other - position) <= NEAR ? Math.max(highest, counts[other]) : highest;
      }
    }
    return used >= MIN_POSITIONS && counts[position] >= TIMES * highest;
  }
}
