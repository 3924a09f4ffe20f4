package io.lift.model.embedded;

import io.lift.core.prompt.NumberGrid;
import io.lift.model.ensemble.NumberEncoding;
import io.lift.model.random.RandomStream;
import io.lift.model.random.SeededRandom;
import io.lift.model.text.TableColumn;
import java.util.List;

/**
 * Where the tokens of number columns start: the places of a column lie on smooth curves, the same
 * for all columns of a member, and on a straight line of the column's own, beside a vector of its
 * own. So near numbers start near one another, columns can be told apart, and what is a weighted
 * sum of the columns can be read off before any token has moved.
 */
final class ColumnStart {
  private static final double PLACE = 0.7;
  private static final double COLUMN = 0.35;

  /** What a standard deviation of the column's numbers is worth on its line. */
  private static final double SLOPE = 0.7;

  /** Beyond so many standard deviations the line goes no further. */
  private static final double FARTHEST = 2.5;

  /** Codes have little in common but their order. */
  private static final double CODE_PLACE = 1;

  private static final double CODE_OWN = 0.5;

  private final int width;
  private final double deviation;
  private final long seed;
  private final int member;

  /**
   * @param width of the embedding table, D
   * @param deviation of the table's rows
   */
  ColumnStart(int width, double deviation, long seed, int member) {
    this.width = width;
    this.deviation = deviation;
    this.seed = seed;
    this.member = member;
  }

  /**
   * @param table (V, D), row after row; the rows of categories are left as they are
   */
  void fill(float[] table, List<TableColumn> columns, NumberEncoding reading) {
    double[][] places = places(reading.turns());
    for (int c = 0; c < columns.size(); c++) {
      TableColumn column = columns.get(c);
      if (!column.number()) {
        continue;
      }
      SeededRandom random = new SeededRandom(seed, RandomStream.COLUMNS, member, c);
      boolean codes = reading.codes() && column.codes();
      double[] own = gaussian(random, 1);
      double[] line = gaussian(random, SLOPE);
      for (int place = 0; place < column.values(); place++) {
        double along = Math.max(-FARTHEST, Math.min(FARTHEST, NumberGrid.deviations(place)));
        double[] code = codes ? gaussian(random, CODE_OWN * deviation) : null;
        for (int d = 0; d < width; d++) {
          double value =
              codes
                  ? code[d] + CODE_PLACE * places[place][d]
                  : PLACE * places[place][d] + COLUMN * own[d] + along * line[d];
          table[(column.first() + place) * width + d] = (float) value;
        }
      }
      double[] missing = gaussian(random, PLACE * deviation);
      for (int d = 0; d < width; d++) {
        table[column.missing() * width + d] = (float) (missing[d] + COLUMN * own[d]);
      }
    }
  }

  /** Each dimension is a cosine of random frequency and phase: (places, D). */
  private double[][] places(double turns) {
    SeededRandom random = new SeededRandom(seed, RandomStream.COLUMNS, member);
    double[][] places = new double[NumberGrid.SIZE][width];
    for (int d = 0; d < width; d++) {
      double frequency = turns * random.uniform();
      double phase = random.uniform();
      for (int n = 0; n < NumberGrid.SIZE; n++) {
        double angle = 2 * Math.PI * (frequency * n / (NumberGrid.SIZE - 1.0) + phase);
        places[n][d] = Math.sqrt(2) * deviation * StrictMath.cos(angle);
      }
    }
    return places;
  }

  private double[] gaussian(SeededRandom random, double scale) {
    double[] values = new double[width];
    for (int d = 0; d < width; d++) {
      values[d] = scale * random.gaussian();
    }
    return values;
  }
}
