package io.lift.model.incontext;

import io.lift.model.random.SeededRandom;
import java.time.Duration;

/**
 * Reads tables that mean nothing, so that the compiler of the JVM has seen the code before the
 * first row waits for it. Without this the first windows take ten times as long as later ones.
 */
public final class WarmUp {
  private static final int COLUMNS = 9;
  private static final int CATEGORIES = 5; // of each third column
  private static final int NUMBERS = 100;
  private static final int[] ROWS = {40, 64, 256};
  private static final int LABELS = 3;

  private WarmUp() {}

  /**
   * Reads for about this long.
   *
   * @return how many tables were read
   */
  public static int run(InContextPredictor predictor, Duration time) {
    long end = System.nanoTime() + time.toNanos();
    int tables = 0;
    while (System.nanoTime() < end) {
      LabelledRows table = table(ROWS[tables % ROWS.length], tables % 2 == 0 ? 2 : LABELS, tables);
      int[][] queries = {table.cells()[0], table.cells()[1], table.cells()[2]};
      try (InContextPredictor.Context read = predictor.read(table, 1 + tables % 2, tables)) {
        read.probabilities(queries);
        read.probabilities(new int[][] {queries[0]});
      }
      tables++;
    }
    return tables;
  }

  /** The label follows from the sum of two numbers. */
  private static LabelledRows table(int rows, int labels, long seed) {
    SeededRandom random = new SeededRandom(seed, rows);
    int[] categories = new int[COLUMNS];
    for (int c = 0; c < COLUMNS; c++) {
      categories[c] = c % 3 == 2 ? CATEGORIES : 0;
    }
    int[][] cells = new int[rows][COLUMNS];
    int[] answers = new int[rows];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < COLUMNS; c++) {
        cells[r][c] = (int) (random.uniform() * (categories[c] > 0 ? CATEGORIES : NUMBERS));
      }
      answers[r] = (cells[r][0] + cells[r][1]) * labels / (2 * NUMBERS);
    }
    return new LabelledRows(categories, cells, answers, labels);
  }
}
