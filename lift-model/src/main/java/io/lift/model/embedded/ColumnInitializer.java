package io.lift.model.embedded;

import io.lift.core.prompt.NumberGrid;
import io.lift.model.ensemble.NumberEncoding;
import io.lift.model.random.RandomStream;
import io.lift.model.random.SeededRandom;
import io.lift.model.text.TableColumn;
import java.util.List;

/**
 * The initial embeddings of number columns. A grid position is the sum of a point on a smooth
 * curve, which all columns of a member share; a vector of the column; and a point on a straight
 * line of the column. Near numbers have near embeddings, columns differ, and a linear function of
 * the columns can be read off before any training.
 */
final class ColumnInitializer {
  /** Weight of the shared curve. */
  private static final double CURVE = 0.7;

  /** Weight of the column's vector. */
  private static final double COLUMN = 0.35;

  /** Length on the line per standard deviation of the column's numbers. */
  private static final double SLOPE = 0.7;

  /** The line ends at this many standard deviations. */
  private static final double MAX_DEVIATIONS = 2.5;

  /** Weight of the shared curve for codes, which have no line. */
  private static final double CODE_CURVE = 1;

  /** Weight of the random vector of each code. */
  private static final double CODE_OWN = 0.5;

  private final int width;
  private final double deviation;
  private final long seed;
  private final int member;

  /**
   * @param width width of the embedding table, D
   * @param deviation standard deviation of the table's numbers
   * @param seed seed of the task
   * @param member number of the ensemble's member
   */
  ColumnInitializer(int width, double deviation, long seed, int member) {
    this.width = width;
    this.deviation = deviation;
    this.seed = seed;
    this.member = member;
  }

  /**
   * Writes the rows of number columns into an embedding table.
   *
   * @param table (V, D), row after row; the rows of categories are not changed
   * @param encoding how the member encodes numbers
   */
  void fill(float[] table, List<TableColumn> columns, NumberEncoding encoding) {
    double[][] curve = curve(encoding.cycles());
    for (int c = 0; c < columns.size(); c++) {
      TableColumn column = columns.get(c);
      if (!column.number()) {
        continue;
      }
      SeededRandom random = new SeededRandom(seed, RandomStream.COLUMNS, member, c);
      boolean codes = encoding.codes() && column.codes();
      double[] own = gaussian(random, 1);
      double[] line = gaussian(random, SLOPE);
      for (int position = 0; position < column.values(); position++) {
        double deviations = NumberGrid.deviations(position);
        double along = Math.max(-MAX_DEVIATIONS, Math.min(MAX_DEVIATIONS, deviations));
        double[] code = codes ? gaussian(random, CODE_OWN * deviation) : null;
        for (int d = 0; d < width; d++) {
          double value =
              codes
                  ? code[d] + CODE_CURVE * curve[position][d]
                  : CURVE * curve[position][d] + COLUMN * own[d] + along * line[d];
          table[(column.first() + position) * width + d] = (float) value;
        }
      }
      double[] missing = gaussian(random, CURVE * deviation);
      for (int d = 0; d < width; d++) {
        table[column.missing() * width + d] = (float) (missing[d] + COLUMN * own[d]);
      }
    }
  }

  /**
   * The shared curve: each dimension is a cosine of random frequency and phase.
   *
   * @param maxFrequency most periods over the grid
   * @return (grid positions, D)
   */
  private double[][] curve(double maxFrequency) {
    SeededRandom random = new SeededRandom(seed, RandomStream.COLUMNS, member);
    double[][] curve = new double[NumberGrid.SIZE][width];
    for (int d = 0; d < width; d++) {
      double frequency = maxFrequency * random.uniform();
      double phase = random.uniform();
      for (int n = 0; n < NumberGrid.SIZE; n++) {
        double angle = 2 * Math.PI * (frequency * n / (NumberGrid.SIZE - 1.0) + phase);
        curve[n][d] = Math.sqrt(2) * deviation * StrictMath.cos(angle);
      }
    }
    return curve;
  }

  private double[] gaussian(SeededRandom random, double scale) {
    double[] values = new double[width];
    for (int d = 0; d < width; d++) {
      values[d] = scale * random.gaussian();
    }
    return values;
  }
}
