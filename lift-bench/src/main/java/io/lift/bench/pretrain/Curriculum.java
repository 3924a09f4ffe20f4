package io.lift.bench.pretrain;

import io.lift.model.incontext.RowFeatures;
import io.lift.model.random.RandomStream;
import io.lift.model.random.SeededRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Which tables a step reads: two batches of classifications and one of regressions. Rows and
 * columns grow with the steps.
 */
final class Curriculum {
  private static final int CELLS = 2500; // of a batch, about
  private static final int ROW_COST = 3; // columns that a row's own work is worth
  private static final int MOST_TABLES = 16;
  private static final int QUERIES = 64;
  private static final int FEWEST_ROWS = 8;
  private static final int[] STEPS = {200, 600, 2000, 8000};
  private static final int[] COLUMNS = {4, 8, 14, 24, 40};
  private static final int[] ROWS = {64, 128, 256, 400, 640};

  private Curriculum() {}

  /** The batches of a step, a function of seed and step. */
  static List<TableBatch.Size> sizes(long seed, long step) {
    int stage = 0;
    while (stage < STEPS.length && step >= STEPS[stage]) {
      stage++;
    }
    List<TableBatch.Size> sizes = new ArrayList<>();
    for (int part = 0; part < 3; part++) {
      Draws draws = new Draws(new SeededRandom(seed, RandomStream.PRETRAINING, step, -1 - part));
      int labelled = (int) draws.scale(FEWEST_ROWS, ROWS[stage] + 1);
      int columns = (int) draws.scale(1, COLUMNS[stage] + 1);
      columns = Math.max(columns, draws.integer(1, Math.min(10, COLUMNS[stage])));
      int tables = CELLS / ((labelled + QUERIES) * (columns + ROW_COST));
      sizes.add(
          new TableBatch.Size(
              Math.max(1, Math.min(MOST_TABLES, tables)),
              labelled,
              QUERIES,
              columns,
              part == 2 ? 0 : RowFeatures.LABELS));
    }
    return sizes;
  }
}
