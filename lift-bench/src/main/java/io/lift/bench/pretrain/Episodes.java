package io.lift.bench.pretrain;

import io.lift.model.decoder.Decoder;
import io.lift.model.incontext.RowEmbedder;
import io.lift.model.incontext.RowTokens;
import io.lift.model.random.RandomStream;
import io.lift.model.random.SeededRandom;
import java.util.Arrays;

/**
 * What one step of pretraining reads: several synthetic tables of equal size, whose first rows are
 * labelled and whose last ones ask. A function of seed and step. Tables grow with the steps, from
 * one column and two labels on.
 *
 * @param tables R
 * @param labelled rows of each table
 * @param asking rows of each table, A
 * @param rows (R, labelled + asking, V) weights of {@link RowTokens}
 * @param targets (R, A) label tokens of the queries
 * @param closed (R, 1, LABELS): 0 for label tokens that the table has, else what hides them
 * @param commonest share of targets that are the table's most frequent label in context
 */
record Episodes(
    int tables,
    int labelled,
    int asking,
    float[] rows,
    long[] targets,
    float[] closed,
    double commonest) {
  static final int ASKING = 32;
  private static final int FEWEST = 6;
  private static final int MOST = 128;
  private static final int MOST_TABLES = 64;

  /** Columns of the widest tables, of which a pass takes some. */
  private static final int WIDEST = 48;

  private static final int STEPS_PER_COLUMN = 40;
  private static final int STEPS_PER_CLASS = 100;

  /**
   * @param about how many rows there are in all
   */
  static Episodes draw(long seed, long step, int about) {
    Draws size = new Draws(new SeededRandom(seed, RandomStream.PRETRAINING, step, -1));
    int labelled = (int) size.scale(FEWEST, MOST + 1);
    int tables = Math.max(1, Math.min(MOST_TABLES, about / (labelled + ASKING)));
    int columns = (int) Math.min(RowTokens.COLUMNS, 1 + step / STEPS_PER_COLUMN);
    int classes = (int) Math.min(RowTokens.LABELS, 2 + step / STEPS_PER_CLASS);

    int length = labelled + ASKING;
    float[] rows = new float[tables * length * RowTokens.SIZE];
    long[] targets = new long[tables * ASKING];
    float[] closed = new float[tables * RowTokens.LABELS];
    Arrays.fill(closed, Decoder.MASKED);
    int common = 0;
    for (int t = 0; t < tables; t++) {
      SeededRandom random = new SeededRandom(seed, RandomStream.PRETRAINING, step, t);
      boolean wide = columns == RowTokens.COLUMNS && random.uniform() < 0.1;
      SyntheticTable table =
          SyntheticTables.draw(random, length, labelled, wide ? WIDEST : columns, classes);
      double[][] context = Arrays.copyOf(table.features(), labelled);
      int[] labels = Arrays.copyOf(table.labels(), labelled);
      RowEmbedder coder = RowEmbedder.of(context, labels, table.classes(), random);
      int commonest = commonest(labels, table.classes());
      for (int k = 0; k < table.classes(); k++) {
        closed[t * RowTokens.LABELS + coder.token(k)] = 0;
      }
      for (int r = 0; r < length; r++) {
        int label = r < labelled ? table.labels()[r] : -1;
        coder.write(table.features()[r], label, rows, (t * length + r) * RowTokens.SIZE);
        if (r >= labelled) {
          targets[t * ASKING + r - labelled] = coder.token(table.labels()[r]);
          common += table.labels()[r] == commonest ? 1 : 0;
        }
      }
    }
    return new Episodes(
        tables, labelled, ASKING, rows, targets, closed, common / (double) targets.length);
  }

  private static int commonest(int[] labels, int classes) {
    int[] counts = new int[classes];
    int best = 0;
    for (int label : labels) {
      counts[label]++;
      best = counts[label] > counts[best] ? label : best;
    }
    return best;
  }
}
