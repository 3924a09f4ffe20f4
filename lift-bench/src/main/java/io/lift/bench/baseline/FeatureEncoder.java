package io.lift.bench.baseline;

import io.lift.core.row.NumberParser;
import io.lift.core.table.ColumnSummary;
import io.lift.core.table.FieldType;
import io.lift.core.table.TaskInference;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Turns the columns of a table into numbers by what the training rows say: columns of numbers are
 * standardised (a missing number is the mean), columns of texts become words ({@link
 * TextFeatures}), all others one feature for each value, of which at most one is 1 (a missing or
 * new value has none). Columns that never vary are left out. What is a text is what Lift takes for
 * one.
 */
public final class FeatureEncoder {
  private final List<Column> columns = new ArrayList<>();
  private int features;

  /** A column of a table as features. */
  private interface Column {
    String name();

    int width();

    /** Writes the features of a value, which begin at an index; they are 0 before. */
    void write(String value, double[] x, int from);
  }

  private record Numbers(String name, double mean, double deviation) implements Column {
    @Override
    public int width() {
      return 1;
    }

    @Override
    public void write(String value, double[] x, int from) {
      Double number = NumberParser.parse(value);
      x[from] = number == null ? 0 : (number - mean) / deviation;
    }
  }

  private record Categories(String name, List<String> values) implements Column {
    @Override
    public int width() {
      return values.size();
    }

    @Override
    public void write(String value, double[] x, int from) {
      int category = values.indexOf(value);
      if (category >= 0) {
        x[from + category] = 1;
      }
    }
  }

  private record Texts(String name, TextFeatures words) implements Column {
    @Override
    public int width() {
      return words.size();
    }

    @Override
    public void write(String value, double[] x, int from) {
      words.write(value, x, from);
    }
  }

  /**
   * @param rows the training rows
   * @param target the column to leave out
   */
  public FeatureEncoder(List<Map<String, String>> rows, String target) {
    TaskInference inference = new TaskInference();
    rows.forEach(inference::add);
    for (ColumnSummary column : inference.summaries()) {
      if (!column.name().equals(target)) {
        column(column, rows)
            .ifPresent(
                encoded -> {
                  columns.add(encoded);
                  features += encoded.width();
                });
      }
    }
  }

  private static Optional<Column> column(ColumnSummary column, List<Map<String, String>> rows) {
    String name = column.name();
    List<String> texts =
        rows.stream().map(row -> row.get(name)).filter(text -> !text.isBlank()).toList();
    Set<String> values = new LinkedHashSet<>(texts);
    if (values.size() < 2) {
      return Optional.empty();
    }
    List<Double> numbers =
        texts.stream().map(NumberParser::parse).filter(Objects::nonNull).toList();
    if (numbers.size() == texts.size()) {
      double mean = numbers.stream().mapToDouble(n -> n).average().orElseThrow();
      double variance =
          numbers.stream().mapToDouble(n -> (n - mean) * (n - mean)).average().orElseThrow();
      return variance == 0
          ? Optional.empty()
          : Optional.of(new Numbers(name, mean, Math.sqrt(variance)));
    }
    return Optional.of(
        column.type() == FieldType.TEXT
            ? new Texts(name, new TextFeatures(texts))
            : new Categories(name, List.copyOf(values)));
  }

  /** Features of a row. */
  public int features() {
    return features;
  }

  /** The features of some rows, [row][feature]. */
  public double[][] encode(List<Map<String, String>> rows) {
    return rows.stream().map(this::encode).toArray(double[][]::new);
  }

  private double[] encode(Map<String, String> row) {
    double[] x = new double[features];
    int from = 0;
    for (Column column : columns) {
      column.write(row.get(column.name()), x, from);
      from += column.width();
    }
    return x;
  }
}
