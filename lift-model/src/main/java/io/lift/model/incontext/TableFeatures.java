package io.lift.model.incontext;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The numbers that a {@link TabularTransformer} reads of a table: {@link CellFeatures} and {@link
 * RowFeatures}. All statistics are those of the labelled rows. What a labelled row has of them
 * leaves out its own answer, so that labelled rows and queries look alike.
 */
public final class TableFeatures {
  private static final double LEAST_SHARE = 1e-3;
  private static final double MOST_STRENGTH = 2;

  private final boolean labels;
  private final double[][] context; // (columns, rows), all columns
  private final double[][] answers; // (rows, A): indicators of slots, or the number and its square
  private final double[] mean; // (A)
  private final ColumnStatistics[] statistics; // of all columns
  private final double[] strength;
  private final int[] columns; // those whose cells are written
  private final StackedScores scores;

  private TableFeatures(
      double[][] context, boolean[] categories, double[][] answers, boolean labels, int most) {
    this.labels = labels;
    this.context = context;
    this.answers = answers;
    this.mean = new double[answers[0].length];
    for (double[] answer : answers) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += answer[i] / answers.length;
      }
    }
    int width = context.length;
    this.statistics = new ColumnStatistics[width];
    this.strength = new double[width];
    for (int c = 0; c < width; c++) {
      statistics[c] = new ColumnStatistics(context[c], categories[c], answers, mean);
      strength[c] = statistics[c].constant() ? Double.NEGATIVE_INFINITY : strength(c);
    }
    int[] order =
        IntStream.range(0, width)
            .boxed()
            .sorted(Comparator.comparingDouble(c -> -strength[c]))
            .mapToInt(Integer::intValue)
            .toArray();
    int varying = (int) Arrays.stream(statistics).filter(s -> !s.constant()).count();
    this.columns = Arrays.copyOf(order, Math.max(1, Math.min(most, varying)));
    Arrays.sort(columns);
    this.scores =
        new StackedScores(
            new RowPredictors(
                context, categories, answers, mean, labels, statistics, order, columns),
            answers,
            mean,
            labels);
  }

  /**
   * The features of a classification.
   *
   * @param context (columns, rows): numbers or codes of categories, NaN where one is missing
   * @param categories whether each column has categories
   * @param slots label slot of each row, 0 to {@link RowFeatures#LABELS} - 1
   * @param most columns whose cells are written; those that predict best on their own
   */
  public static TableFeatures ofLabels(
      double[][] context, boolean[] categories, int[] slots, int most) {
    double[][] answers = new double[slots.length][RowFeatures.LABELS];
    for (int r = 0; r < slots.length; r++) {
      answers[r][slots[r]] = 1;
    }
    return new TableFeatures(context, categories, answers, true, most);
  }

  /**
   * The features of a regression.
   *
   * @param numbers of the rows, in standard deviations from their mean
   */
  public static TableFeatures ofNumbers(
      double[][] context, boolean[] categories, double[] numbers, int most) {
    double[][] answers =
        Arrays.stream(numbers).mapToObj(y -> new double[] {y, y * y}).toArray(double[][]::new);
    return new TableFeatures(context, categories, answers, false, most);
  }

  /** C, the columns whose cells are written. */
  public int columns() {
    return columns.length;
  }

  /** n, the labelled rows. */
  public int rows() {
    return answers.length;
  }

  /** How well a column predicts left-out rows on its own: nats, or a share of the variance. */
  private double strength(int c) {
    double best = Double.NEGATIVE_INFINITY;
    double[] near = new double[mean.length];
    for (int width = 0; width < 2; width++) {
      double gain = 0;
      double total = 0;
      for (int r = 0; r < answers.length; r++) {
        statistics[c].near(statistics[c].place(context[c][r]), width, answers[r], near);
        if (labels) {
          for (int k = 0; k < near.length; k++) {
            if (answers[r][k] == 1) {
              gain += Math.log(Math.max(LEAST_SHARE, near[k]) / mean[k]);
            }
          }
          total++;
        } else {
          double error = answers[r][0] - near[0];
          gain += answers[r][0] * answers[r][0] - error * error;
          total += answers[r][0] * answers[r][0];
        }
      }
      best = Math.max(best, gain / Math.max(1e-9, total));
    }
    return Math.max(-MOST_STRENGTH, Math.min(MOST_STRENGTH, best));
  }

  /**
   * Writes the labelled rows.
   *
   * @param cells zeros, (C, R, F)
   * @param cellsAt where this table's cells begin
   * @param length R
   * @param rows zeros, (R, G)
   * @param rowsAt where this table's rows begin
   */
  public void writeContext(float[] cells, int cellsAt, int length, float[] rows, int rowsAt) {
    for (int r = 0; r < answers.length; r++) {
      int at = rowsAt + r * RowFeatures.SIZE;
      write(context, r, answers[r], cells, cellsAt + r * CellFeatures.SIZE, length);
      scores.writeLeftOut(r, rows, at);
      if (labels) {
        for (int k = 0; k < RowFeatures.LABELS; k++) {
          rows[at + RowFeatures.LABEL + k] = (float) answers[r][k];
        }
      } else {
        double y = answers[r][0];
        rows[at + RowFeatures.NUMBER] = (float) y;
        rows[at + RowFeatures.NUMBER + 1] = (float) (Math.signum(y) * Math.sqrt(Math.abs(y)));
        rows[at + RowFeatures.NUMBER + 2] = (float) Math.tanh(2 * y);
      }
    }
  }

  /**
   * Writes queries.
   *
   * @param queries (columns, rows), as the context
   * @param from where in R the first of them is written
   */
  public void writeQueries(
      double[][] queries,
      int from,
      float[] cells,
      int cellsAt,
      int length,
      float[] rows,
      int rowsAt) {
    scores.writeQueries(queries, rows, rowsAt + from * RowFeatures.SIZE);
    for (int r = 0; r < queries[0].length; r++) {
      int at = rowsAt + (from + r) * RowFeatures.SIZE;
      int cell = cellsAt + (from + r) * CellFeatures.SIZE;
      write(queries, r, null, cells, cell, length);
      rows[at + (labels ? RowFeatures.LABEL_QUERY : RowFeatures.NUMBER_QUERY)] = 1;
    }
  }

  /** The cells of a row, which labelled rows and queries have alike. */
  private void write(double[][] table, int r, double[] own, float[] cells, int cellAt, int length) {
    double[] narrow = new double[mean.length];
    double[] wide = new double[mean.length];
    for (int i = 0; i < columns.length; i++) {
      int c = columns[i];
      double x = table[c][r];
      ColumnStatistics column = statistics[c];
      int at = cellAt + i * length * CellFeatures.SIZE;
      ColumnStatistics.Place place = column.place(x);
      writeValue(column, x, place, own != null, cells, at);
      cells[at + CellFeatures.STRENGTH] = (float) Math.max(-MOST_STRENGTH, strength[c]);
      column.near(place, 0, own, narrow);
      column.near(place, 1, own, wide);
      if (labels) {
        for (int k = 0; k < RowFeatures.LABELS; k++) {
          if (mean[k] > 0) {
            cells[at + CellFeatures.NARROW + k] = (float) (narrow[k] - mean[k]);
            cells[at + CellFeatures.WIDE + k] = (float) (wide[k] - mean[k]);
          }
        }
      } else {
        cells[at + CellFeatures.NUMBERS] = (float) narrow[0];
        cells[at + CellFeatures.NUMBERS + 1] = (float) deviation(narrow);
        cells[at + CellFeatures.NUMBERS + 2] = (float) wide[0];
        cells[at + CellFeatures.NUMBERS + 3] = (float) deviation(wide);
      }
    }
  }

  private void writeValue(
      ColumnStatistics column,
      double x,
      ColumnStatistics.Place place,
      boolean labelled,
      float[] cells,
      int at) {
    double same = column.same(place) - (labelled ? 1 : 0);
    cells[at + CellFeatures.SHARE] = (float) (same / answers.length);
    cells[at + CellFeatures.CATEGORY] = column.category() ? 1 : 0;
    if (Double.isNaN(x)) {
      cells[at + CellFeatures.MISSING] = 1;
    } else if (!column.category()) {
      double rank = column.rank(place);
      cells[at + CellFeatures.VALUE] = (float) column.value(x);
      cells[at + CellFeatures.RANK] = (float) rank;
      for (int f = 0; f < CellFeatures.FREQUENCIES; f++) {
        double angle = Math.PI * rank * (1 << f);
        cells[at + CellFeatures.WAVES + 2 * f] = (float) Math.sin(angle);
        cells[at + CellFeatures.WAVES + 2 * f + 1] = (float) Math.cos(angle);
      }
    }
  }

  private static double deviation(double[] moments) {
    return Math.sqrt(Math.max(0, moments[1] - moments[0] * moments[0]));
  }
}
