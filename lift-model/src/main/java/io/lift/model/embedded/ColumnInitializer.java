package io.lift.model.embedded;

import io.lift.core.prompt.NumberGrid;
import io.lift.model.ensemble.NumberEncoding;
import io.lift.model.random.RandomStream;
import io.lift.model.random.SeededRandom;
import io.lift.model.text.TableColumn;
import java.util.List;

/**
 * Initialises the embeddings of number columns. The embedding of a grid cell is the sum of cosines
 * that all columns of a member share, of a vector of the column's own, and of the cell's position
 * times a direction of the column's own. So near numbers start near one another, columns differ,
 * and a weighted sum of columns can be read off before training.
 */
final class ColumnInitializer {
  private static final double CELL = 0.7;
  private static final double COLUMN = 0.35;

  /** The length of the column's direction per standard deviation of its numbers. */
  private static final double SLOPE = 0.7;

  /** Positions are cut off at this number of standard deviations. */
  private static final double MAX_DEVIATIONS = 2.5;

  /** Codes have little in common but their order. */
  private static final double CODE_CELL = 1;

  private static final double CODE_OWN = 0.5;

  private final int width;
  private final double deviation;
  private final long seed;
  private final int member;

  /**
   * @param width of the embedding table, D
   * @param deviation of the table's rows
   */
  ColumnInitializer(int width, double deviation, long seed, int member) {
    this.width = width;
    this.deviation = deviation;
    this.seed = seed;
    this.member = member;
  }

  /**
   * @param table (V, D), row after row; the rows of categories are left as they are
   */
  void fill(float[] table, List<TableColumn> columns, NumberEncoding encoding) {
    double[][] cosines = cosines(encoding.cycles());
    for (int c = 0; c < columns.size(); c++) {
      TableColumn column = columns.get(c);
      if (!column.number()) {
        continue;
      }
      SeededRandom random = new SeededRandom(seed, RandomStream.COLUMNS, member, c);
      boolean codes = encoding.codes() && column.codes();
      double[] own = gaussian(random, 1);
      double[] direction = gaussian(random, SLOPE);
      for (int cell = 0; cell < column.values(); cell++) {
        double position =
            Math.max(-MAX_DEVIATIONS, Math.min(MAX_DEVIATIONS, NumberGrid.deviations(cell)));
        double[] code = codes ? gaussian(random, CODE_OWN * deviation) : null;
        for (int d = 0; d < width; d++) {
          double value =
              codes
                  ? code[d] + CODE_CELL * cosines[cell][d]
                  : CELL * cosines[cell][d] + COLUMN * own[d] + position * direction[d];
          table[(column.first() + cell) * width + d] = (float) value;
        }
      }
      double[] missing = gaussian(random, CELL * deviation);
      for (int d = 0; d < width; d++) {
        table[column.missing() * width + d] = (float) (missing[d] + COLUMN * own[d]);
      }
    }
  }

  /** Each dimension is a cosine of random frequency and phase: (cells, D). */
  private double[][] cosines(double cycles) {
    SeededRandom random = new SeededRandom(seed, RandomStream.COLUMNS, member);
    double[][] cosines = new double[NumberGrid.SIZE][width];
    for (int d = 0; d < width; d++) {
      double frequency = cycles * random.uniform();
      double phase = random.uniform();
      for (int n = 0; n < NumberGrid.SIZE; n++) {
        double angle = 2 * Math.PI * (frequency * n / (NumberGrid.SIZE - 1.0) + phase);
        cosines[n][d] = Math.sqrt(2) * deviation * StrictMath.cos(angle);
      }
    }
    return cosines;
  }

  private double[] gaussian(SeededRandom random, double scale) {
    double[] values = new double[width];
    for (int d = 0; d < width; d++) {
      values[d] = scale * random.gaussian();
    }
    return values;
  }
}
