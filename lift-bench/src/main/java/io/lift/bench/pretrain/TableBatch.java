package io.lift.bench.pretrain;

import io.lift.model.incontext.CellFeatures;
import io.lift.model.incontext.RowFeatures;
import io.lift.model.incontext.TableFeatures;
import io.lift.model.random.RandomStream;
import io.lift.model.random.SeededRandom;
import java.util.Arrays;

/**
 * Several synthetic tables of equal size, as the network reads them.
 *
 * @param tables B
 * @param columns C
 * @param labelled n
 * @param queries Q
 * @param cells (B, C, n + Q, F)
 * @param rows (B, n + Q, G)
 * @param slots (B, Q) of the queries' labels; null for a regression
 * @param closed (B, 1, LABELS): 0 for slots that labelled rows have, else what hides them
 * @param numbers (B, Q, 1) in standard deviations of the labelled rows; null for a classification
 * @param weights (B, Q): 1, or 0 where no labelled row has the query's label
 * @param baseline what the labelled rows' shares or mean would have: right answers, or mean
 *     absolute error
 */
record TableBatch(
    int tables,
    int columns,
    int labelled,
    int queries,
    float[] cells,
    float[] rows,
    long[] slots,
    float[] closed,
    float[] numbers,
    float[] weights,
    double baseline) {
  private static final float HIDDEN = -1e4f;
  private static final int MOST_COLUMNS = 100;
  private static final double LEAST_DEVIATION = 1e-9;
  private static final double FARTHEST = 6; // deviations of a query's number

  /** Rows, columns and labels of one batch. */
  record Size(int tables, int labelled, int queries, int columns, int classes) {}

  /** A function of seed, step and part. */
  static TableBatch draw(long seed, long step, int part, Size size) {
    PriorTable[] tables = new PriorTable[size.tables()];
    SeededRandom[] randoms = new SeededRandom[size.tables()];
    int length = size.labelled() + size.queries();
    for (int t = 0; t < tables.length; t++) {
      randoms[t] = new SeededRandom(seed, RandomStream.PRETRAINING, step, part, t);
      tables[t] = Prior.draw(randoms[t], length, size.labelled(), size.columns(), size.classes());
    }
    return of(tables, randoms, size.labelled());
  }

  /**
   * Tables of one kind and equally many rows.
   *
   * @param randoms of each table, for the slots of its labels
   */
  static TableBatch of(PriorTable[] tables, SeededRandom[] randoms, int n) {
    TableFeatures[] features = new TableFeatures[tables.length];
    int[][] slots = new int[tables.length][];
    double[][] scaled = new double[tables.length][];
    int widest = 1;
    for (int t = 0; t < tables.length; t++) {
      PriorTable table = tables[t];
      double[][] context = rows(table.columns(), 0, n);
      if (table.numbers() != null) {
        scaled[t] = scaled(table.numbers(), n);
        features[t] =
            TableFeatures.ofNumbers(
                context, table.categories(), Arrays.copyOf(scaled[t], n), MOST_COLUMNS);
      } else {
        int[] order = randoms[t].permutation(RowFeatures.LABELS);
        slots[t] = Arrays.stream(table.labels()).map(k -> order[k]).toArray();
        features[t] =
            TableFeatures.ofLabels(
                context, table.categories(), Arrays.copyOf(slots[t], n), MOST_COLUMNS);
      }
      widest = Math.max(widest, features[t].columns());
    }
    return assemble(widest, tables, features, slots, scaled, randoms, n);
  }

  private static TableBatch assemble(
      int columns,
      PriorTable[] tables,
      TableFeatures[] features,
      int[][] slots,
      double[][] scaled,
      SeededRandom[] randoms,
      int n) {
    int b = tables.length;
    int length = tables[0].rows();
    int q = length - n;
    boolean regression = tables[0].numbers() != null;
    float[] cells = new float[b * columns * length * CellFeatures.SIZE];
    float[] rows = new float[b * length * RowFeatures.SIZE];
    long[] targets = regression ? null : new long[b * q];
    float[] closed = regression ? null : new float[b * RowFeatures.LABELS];
    float[] numbers = regression ? new float[b * q] : null;
    float[] weights = new float[b * q];
    double baseline = 0;
    for (int t = 0; t < b; t++) {
      int cellsAt = t * columns * length * CellFeatures.SIZE;
      int rowsAt = t * length * RowFeatures.SIZE;
      features[t].writeContext(cells, cellsAt, length, rows, rowsAt);
      features[t].writeQueries(
          rows(tables[t].columns(), n, length), n, cells, cellsAt, length, rows, rowsAt);
      float[][] identities = CellFeatures.identities(randoms[t], columns);
      CellFeatures.identify(cells, cellsAt, columns, length, identities);
      int[] counts = new int[RowFeatures.LABELS];
      if (!regression) {
        Arrays.stream(slots[t], 0, n).forEach(slot -> counts[slot]++);
        for (int k = 0; k < counts.length; k++) {
          closed[t * counts.length + k] = counts[k] > 0 ? 0 : HIDDEN;
        }
      }
      int most = Arrays.stream(counts).max().orElse(0);
      for (int i = 0; i < q; i++) {
        int at = t * q + i;
        if (regression) {
          numbers[at] = (float) scaled[t][n + i];
          weights[at] = 1;
          baseline += Math.abs(scaled[t][n + i]);
        } else {
          targets[at] = slots[t][n + i];
          weights[at] = counts[slots[t][n + i]] > 0 ? 1 : 0;
          baseline += counts[slots[t][n + i]] == most ? 1 : 0;
        }
      }
    }
    return new TableBatch(
        b, columns, n, q, cells, rows, targets, closed, numbers, weights, baseline / (b * q));
  }

  private static double[][] rows(double[][] columns, int from, int to) {
    return Arrays.stream(columns)
        .map(column -> Arrays.copyOfRange(column, from, to))
        .toArray(double[][]::new);
  }

  /** In standard deviations of the first rows from their mean. */
  private static double[] scaled(double[] numbers, int first) {
    double mean = Arrays.stream(numbers, 0, first).average().orElse(0);
    double square =
        Arrays.stream(numbers, 0, first).map(y -> (y - mean) * (y - mean)).average().orElse(0);
    double deviation = Math.max(LEAST_DEVIATION, Math.sqrt(square));
    return Arrays.stream(numbers)
        .map(y -> Math.max(-FARTHEST, Math.min(FARTHEST, (y - mean) / deviation)))
        .toArray();
  }
}
