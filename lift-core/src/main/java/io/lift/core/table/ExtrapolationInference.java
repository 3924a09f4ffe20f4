package io.lift.core.table;

import io.lift.core.row.DateParser;
import io.lift.core.row.Moment;
import io.lift.core.row.NumberParser;
import io.lift.core.task.Column;
import io.lift.core.task.ColumnType;
import io.lift.core.task.Extrapolation;
import io.lift.core.task.TaskSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Learns from a table's rows, in their order, how a regression goes on beyond them.
 *
 * <p>A trend is tried on the last fifth of the rows. A column moves on if at least half of these
 * rows are beyond its values in the rows before. A linear model of the rows before then answers
 * these rows twice, as they are and with every column held at the end of its earlier values. If the
 * first has at most four fifths of the second's absolute error, and is nearer in most rows, the
 * columns that move on become the linear part of the task. In a table whose rows are in random
 * order no column moves on.
 */
final class ExtrapolationInference {
  private static final int MAX_ROWS = 2_000;
  private static final int MAX_CELLS = 500_000;
  private static final int MAX_COLUMNS = 200;

  /** Longer texts are no numbers and no dates. */
  private static final int MAX_LENGTH = 40;

  private static final int MIN_ROWS = 40;
  private static final double HELD_OUT = 0.2;
  private static final double MOVES_ON = 0.5;
  private static final double BETTER = 0.8;
  private static final double IN_ROWS = 0.6;

  /** Parts of the table whose slopes are compared. */
  private static final int PARTS = 4;

  private final Map<String, Integer> columns = new HashMap<>();
  private final List<String[]> rows = new ArrayList<>();
  private int stride = 1;
  private long seen;

  /** Adds a row; of many rows, every second, fourth, … is kept, in order. */
  void add(Map<String, String> row) {
    if (seen++ % stride != 0) {
      return;
    }
    String[] texts = new String[columns.size()];
    for (Map.Entry<String, String> cell : row.entrySet()) {
      String text = cell.getValue();
      if (text != null && text.length() <= MAX_LENGTH) {
        int column = columns.computeIfAbsent(cell.getKey(), any -> columns.size());
        if (column >= texts.length) {
          texts = Arrays.copyOf(texts, columns.size());
        }
        texts[column] = text;
      }
    }
    rows.add(texts);
    if (rows.size() > MAX_ROWS || (long) rows.size() * columns.size() > MAX_CELLS) {
      List<String[]> kept =
          IntStream.range(0, rows.size()).filter(r -> r % 2 == 0).mapToObj(rows::get).toList();
      rows.clear();
      rows.addAll(kept);
      stride *= 2;
    }
  }

  /** What was learnt; null for a classification, and where there are too few rows. */
  Extrapolation infer(TaskSpec task) {
    List<Column> numbers =
        task.features().stream().filter(column -> column.type() == ColumnType.NUMBER).toList();
    if (task.target().type() != ColumnType.NUMBER
        || numbers.isEmpty()
        || numbers.size() > MAX_COLUMNS) {
      return null;
    }
    double[] targets = places(task.target());
    int[] used =
        IntStream.range(0, targets.length).filter(r -> !Double.isNaN(targets[r])).toArray();
    if (used.length < MIN_ROWS) {
      return null;
    }
    double[] y = pick(targets, used);
    double[][] x = new double[numbers.size()][];
    for (int c = 0; c < x.length; c++) {
      x[c] = pick(places(numbers.get(c)), used);
      fillMissing(x[c]);
    }
    LinearFit all = LinearFit.of(x, y, 0, y.length);
    BitSet trend = trend(x, y);
    double[] residual = y.clone();
    double intercept = trend.isEmpty() ? 0 : all.mean();
    List<Extrapolation.Term> terms = new ArrayList<>();
    for (int c = 0; c < x.length; c++) {
      double slope = trend.get(c) ? all.slope(c) : 0;
      double doubt = trend.get(c) ? slopeDeviation(x, y, c) : Math.abs(all.slope(c));
      if (slope != 0 || doubt != 0) {
        terms.add(new Extrapolation.Term(numbers.get(c).name(), slope, doubt));
      }
      intercept -= slope * all.mean(c);
      for (int r = 0; r < y.length; r++) {
        residual[r] -= slope * x[c][r];
      }
    }
    if (trend.isEmpty()) {
      return terms.isEmpty() ? null : new Extrapolation(0, terms, null);
    }
    return new Extrapolation(intercept, terms, residual(residual, intercept));
  }

  private static Extrapolation.Residual residual(double[] left, double intercept) {
    double[] values = Arrays.stream(left).map(value -> value - intercept).toArray();
    double mean = Arrays.stream(values).average().orElse(0);
    double variance =
        Arrays.stream(values).map(value -> (value - mean) * (value - mean)).average().orElse(0);
    return new Extrapolation.Residual(
        mean,
        Math.sqrt(variance),
        Arrays.stream(values).min().orElse(0),
        Arrays.stream(values).max().orElse(0));
  }

  /** The columns whose trend goes on in the last rows; none if a trend does not help there. */
  private static BitSet trend(double[][] x, double[] y) {
    int split = (int) Math.round((1 - HELD_OUT) * y.length);
    LinearFit before = LinearFit.of(x, y, 0, split);
    BitSet moving = new BitSet();
    double[][] held = new double[x.length][];
    for (int c = 0; c < x.length; c++) {
      double least = Arrays.stream(x[c], 0, split).min().orElse(0);
      double most = Arrays.stream(x[c], 0, split).max().orElse(0);
      held[c] = Arrays.stream(x[c]).map(v -> Math.max(least, Math.min(most, v))).toArray();
      double[] ends = held[c];
      double[] own = x[c];
      long beyond = IntStream.range(split, y.length).filter(r -> own[r] != ends[r]).count();
      moving.set(c, beyond >= MOVES_ON * (y.length - split));
    }
    double followed = 0;
    double stopped = 0;
    int nearer = 0;
    for (int r = split; r < y.length; r++) {
      double on = Math.abs(y[r] - before.at(x, r));
      double stays = Math.abs(y[r] - before.at(held, r));
      followed += on;
      stopped += stays;
      nearer += on < stays ? 1 : 0;
    }
    boolean helps = followed <= BETTER * stopped && nearer >= IN_ROWS * (y.length - split);
    return helps ? moving : new BitSet();
  }

  /** Standard deviation of a column's slope between the parts of the table. */
  private static double slopeDeviation(double[][] x, double[] y, int column) {
    double[] slopes = new double[PARTS];
    double[][] own = {x[column]};
    for (int part = 0; part < PARTS; part++) {
      int from = part * y.length / PARTS;
      int to = (part + 1) * y.length / PARTS;
      slopes[part] = LinearFit.of(own, y, from, to).slope(0);
    }
    double mean = Arrays.stream(slopes).average().orElse(0);
    double squares = Arrays.stream(slopes).map(slope -> (slope - mean) * (slope - mean)).sum();
    return Math.sqrt(squares / (PARTS - 1));
  }

  /** The values of a column on its scale, by row; NaN where there is none. */
  private double[] places(Column column) {
    Integer index = columns.get(column.field());
    return rows.stream()
        .mapToDouble(
            row ->
                index == null || index >= row.length || row[index] == null
                    ? Double.NaN
                    : place(column, row[index].strip()))
        .toArray();
  }

  private static double place(Column column, String text) {
    Double number;
    if (column.date() == null) {
      number = NumberParser.parse(text, column.notation());
    } else {
      Moment moment = DateParser.parse(text, column.date().format());
      number = moment == null ? null : (Double) moment.part(column.date().part());
    }
    return number == null || !Double.isFinite(number) ? Double.NaN : column.numbers().place(number);
  }

  private static double[] pick(double[] values, int[] at) {
    return Arrays.stream(at).mapToDouble(r -> values[r]).toArray();
  }

  private static void fillMissing(double[] values) {
    double mean = Arrays.stream(values).filter(v -> !Double.isNaN(v)).average().orElse(0);
    for (int r = 0; r < values.length; r++) {
      values[r] = Double.isNaN(values[r]) ? mean : values[r];
    }
  }
}
