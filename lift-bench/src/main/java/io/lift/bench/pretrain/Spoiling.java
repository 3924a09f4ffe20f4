package io.lift.bench.pretrain;

import java.util.Arrays;

/** What columns of the world suffer from. */
final class Spoiling {
  private Spoiling() {}

  /**
   * Changes columns in place.
   *
   * @param columns (columns, rows)
   * @return whether each column has categories now
   */
  static boolean[] spoil(double[][] columns, Draws draws) {
    boolean[] categories = new boolean[columns.length];
    double warped = draws.chance(0.5) ? draws.uniform(0, 0.8) : 0;
    double coded = draws.chance(0.45) ? draws.uniform(0, 1) : 0;
    double useless = draws.chance(0.35) ? draws.uniform(0, 0.6) : 0;
    double repeated = draws.chance(0.15) ? draws.uniform(0, 0.4) : 0;
    double missing = draws.chance(0.2) ? draws.uniform(0, 0.8) : 0;
    for (int c = 0; c < columns.length; c++) {
      if (columns.length > 1 && draws.chance(useless)) {
        columns[c] = shuffled(columns[c], draws);
      } else if (columns.length > 1 && draws.chance(repeated)) {
        columns[c] = columns[draws.integer(0, columns.length - 1)].clone();
        CausalGraph.noise(columns[c], draws.uniform(0, 0.3), draws);
      }
      if (draws.chance(coded)) {
        code(columns[c], draws);
        categories[c] = true;
      } else if (draws.chance(warped)) {
        Warp.column(columns[c], draws);
      }
    }
    for (int c = 0; c < columns.length; c++) {
      if (draws.chance(missing)) {
        lose(columns, c, draws);
      }
    }
    return categories;
  }

  private static double[] shuffled(double[] column, Draws draws) {
    int[] order = draws.random().permutation(column.length);
    return Arrays.stream(order).mapToDouble(r -> column[r]).toArray();
  }

  /** Cuts a column into categories whose codes have no order. */
  private static void code(double[] column, Draws draws) {
    int levels = (int) draws.scale(2, draws.chance(0.15) ? 40 : 12);
    double[] cuts = new double[levels - 1];
    for (int i = 0; i < cuts.length; i++) {
      cuts[i] = column[draws.integer(0, column.length - 1)];
    }
    Arrays.sort(cuts);
    int[] codes = draws.random().permutation(levels);
    for (int r = 0; r < column.length; r++) {
      int band = 0;
      while (band < cuts.length && column[r] > cuts[band]) {
        band++;
      }
      column[r] = codes[band];
    }
  }

  /** Cells get lost at random, or where the column or another one is large. */
  private static void lose(double[][] columns, int c, Draws draws) {
    double share = draws.uniform(0, draws.chance(0.2) ? 0.7 : 0.25);
    int kind = draws.integer(0, 3);
    double[] cause = kind == 0 ? columns[c] : columns[draws.integer(0, columns.length - 1)];
    double[] sorted = Arrays.stream(cause).filter(x -> !Double.isNaN(x)).sorted().toArray();
    double limit =
        sorted.length == 0
            ? 0
            : sorted[(int) Math.min(sorted.length - 1L, Math.round((1 - share) * sorted.length))];
    double[] lost = columns[c].clone();
    for (int r = 0; r < lost.length; r++) {
      boolean gone = kind > 1 ? draws.chance(share) : cause[r] > limit && draws.chance(0.8);
      lost[r] = gone ? Double.NaN : lost[r];
    }
    columns[c] = lost;
  }
}
