package io.lift.bench.pretrain;

import io.lift.model.random.SeededRandom;
import java.util.Arrays;

/**
 * Tables to pretrain on: clusters, random networks, sums of trees, rules over categories, straight
 * and smooth functions cut into labels; with columns that are warped, cut into steps, of no use or
 * partly missing, and labels that are partly wrong. A table is a function of the random numbers it
 * is drawn with.
 */
final class SyntheticTables {
  private static final int TRIES = 20;

  private SyntheticTables() {}

  /**
   * A table whose first rows have at least two labels.
   *
   * @param first how many rows these are
   * @param columns at most; at least one
   * @param classes at most; at least two
   */
  static SyntheticTable draw(SeededRandom random, int rows, int first, int columns, int classes) {
    Draws draws = new Draws(random);
    SyntheticTable table = null;
    for (int t = 0; t < TRIES; t++) {
      // few labels and few columns are likelier than many
      int k = 2 + (int) ((classes - 1) * draws.uniform(0, 1) * draws.uniform(0, 1));
      int c =
          Math.max(draws.integer(1, columns), draws.chance(0.3) ? draws.integer(1, columns) : 1);
      table = concept(rows, c, k, draws);
      if (draws.chance(0.3)) {
        Labelling.corrupt(table.labels(), k, draws.uniform(0, 0.3), draws);
      }
      if (Arrays.stream(table.labels(), 0, first).distinct().count() > 1) {
        break;
      }
    }
    spoil(table.features(), draws);
    return table;
  }

  private static SyntheticTable concept(int rows, int columns, int classes, Draws draws) {
    double kind = draws.uniform(0, 1);
    if (kind < 0.25) {
      return Concepts.clusters(rows, columns, classes, draws);
    } else if (kind < 0.5) {
      return Concepts.network(rows, columns, classes, draws);
    } else if (kind < 0.65) {
      return Concepts.trees(rows, columns, classes, draws);
    } else if (kind < 0.8) {
      return Concepts.categories(rows, columns, classes, draws);
    }
    return Concepts.smooth(rows, columns, classes, draws);
  }

  /** What tables of the world suffer from. */
  private static void spoil(double[][] features, Draws draws) {
    int columns = features[0].length;
    double warped = draws.chance(0.5) ? draws.uniform(0, 1) : 0;
    double useless = draws.chance(0.3) ? draws.uniform(0, 0.6) : 0;
    double missing = draws.chance(0.1) ? draws.uniform(0, 0.2) : 0;
    for (int c = 0; c < columns; c++) {
      if (draws.chance(warped)) {
        Warp.column(features, c, draws);
      }
      if (columns > 1 && draws.chance(useless)) {
        shuffle(features, c, draws);
      }
      for (double[] row : features) {
        if (missing > 0 && draws.chance(missing)) {
          row[c] = Double.NaN;
        }
      }
    }
  }

  /** A column that has nothing to do with its rows any more. */
  private static void shuffle(double[][] features, int column, Draws draws) {
    int[] order = draws.random().permutation(features.length);
    double[] values = new double[order.length];
    for (int r = 0; r < order.length; r++) {
      values[r] = features[order[r]][column];
    }
    for (int r = 0; r < order.length; r++) {
      features[r][column] = values[r];
    }
  }
}
