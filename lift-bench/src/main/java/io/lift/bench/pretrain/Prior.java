package io.lift.bench.pretrain;

import io.lift.model.random.SeededRandom;
import java.util.Arrays;

/**
 * The distribution of tables to pretrain on: graphs of causes, rules and sums of columns, clusters,
 * categories; with columns that are warped, cut, coded, repeated, useless or partly missing. A
 * table is a function of the random numbers it is drawn with.
 */
final class Prior {
  private static final int TRIES = 12;

  private Prior() {}

  /**
   * A table of which something can be predicted, mostly.
   *
   * @param labelled rows that come first; of a classification they have two labels at least
   * @param classes at most; 0 for a regression
   */
  static PriorTable draw(SeededRandom random, int rows, int labelled, int columns, int classes) {
    Draws draws = new Draws(random);
    PriorTable table = null;
    for (int t = 0; t < TRIES; t++) {
      table =
          classes == 0
              ? regression(rows, columns, draws)
              : classification(rows, columns, classes, draws);
      if (varies(table, labelled) && (draws.chance(0.1) || Learnable.isLearnable(table, random))) {
        break;
      }
    }
    return table;
  }

  private static boolean varies(PriorTable table, int labelled) {
    return table.numbers() == null
        ? Arrays.stream(table.labels(), 0, labelled).distinct().count() > 1
        : Arrays.stream(table.numbers(), 0, labelled).distinct().count() > 1;
  }

  private static PriorTable regression(int rows, int columns, Draws draws) {
    CausalGraph.Drawn drawn =
        draws.chance(0.55)
            ? CausalGraph.draw(rows, columns, draws)
            : CausalGraph.direct(rows, columns, draws);
    double[] y = drawn.target().clone();
    if (draws.chance(0.25)) {
      double strength = draws.scale(0.2, 1.2);
      for (int r = 0; r < rows; r++) {
        y[r] = StrictMath.exp(strength * Math.max(-4, Math.min(4, y[r])));
      }
    }
    if (draws.chance(0.15)) {
      double tail = draws.scale(0.05, 0.5);
      for (int r = 0; r < rows; r++) {
        y[r] += tail * draws.gaussian() / Math.max(0.15, Math.abs(draws.gaussian()));
      }
    }
    if (draws.chance(0.1)) {
      double step = draws.scale(0.1, 1);
      for (int r = 0; r < rows; r++) {
        y[r] = Math.round(y[r] / step) * step;
      }
    }
    boolean[] categories = Spoiling.spoil(drawn.columns(), draws);
    return new PriorTable(drawn.columns(), categories, null, 0, y);
  }

  private static PriorTable classification(int rows, int columns, int most, Draws draws) {
    int classes = Math.min(most, 2 + (int) (9 * draws.uniform(0, 1) * draws.uniform(0, 1.2)));
    double kind = draws.uniform(0, 1);
    double[][] table;
    int[] labels;
    boolean[] coded = null;
    if (kind < 0.72) {
      CausalGraph.Drawn drawn =
          kind < 0.36
              ? CausalGraph.draw(rows, columns, draws)
              : CausalGraph.direct(rows, columns, draws);
      table = drawn.columns();
      labels = labels(drawn.target(), classes, draws);
    } else {
      SyntheticTable made =
          kind < 0.84
              ? Concepts.clusters(rows, columns, classes, draws)
              : kind < 0.9
                  ? Concepts.smooth(rows, columns, classes, draws)
                  : Concepts.categories(rows, columns, classes, draws);
      table = transposed(made.features());
      labels = made.labels();
      if (kind >= 0.9 && draws.chance(0.7)) {
        coded = new boolean[table.length];
        Arrays.fill(coded, true);
      }
    }
    if (draws.chance(0.3)) {
      Labelling.corrupt(labels, classes, draws.uniform(0, 0.25), draws);
    }
    boolean[] categories = Spoiling.spoil(table, draws);
    if (coded != null) {
      Arrays.fill(categories, true);
    }
    // any label may be any number
    int[] names = draws.random().permutation(classes);
    int[] renamed = Arrays.stream(labels).map(k -> names[k]).toArray();
    return new PriorTable(table, categories, renamed, classes, null);
  }

  /** Labels of a number: its few values, or bands of it, each band with any label at times. */
  private static int[] labels(double[] score, int classes, Draws draws) {
    double[] values = Arrays.stream(score).distinct().sorted().toArray();
    if (values.length <= classes && values.length > 1) {
      return Arrays.stream(score).mapToInt(s -> Arrays.binarySearch(values, s)).toArray();
    }
    if (draws.chance(0.75)) {
      return Labelling.ordered(score, classes, draws);
    }
    int bands = classes + draws.integer(1, classes);
    int[] band = Labelling.ordered(score, bands, draws);
    int[] order = draws.random().permutation(bands);
    return Arrays.stream(band).map(b -> order[b] % classes).toArray();
  }

  private static double[][] transposed(double[][] rows) {
    double[][] columns = new double[rows[0].length][rows.length];
    for (int r = 0; r < rows.length; r++) {
      for (int c = 0; c < columns.length; c++) {
        columns[c][r] = rows[r][c];
      }
    }
    return columns;
  }
}
