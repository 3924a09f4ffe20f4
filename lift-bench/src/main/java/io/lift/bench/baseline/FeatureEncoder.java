package io.lift.bench.baseline;

import io.lift.core.row.NumberParser;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Turns the columns of a table into numbers by what the training rows say: columns of numbers are
 * standardised (a missing number is the mean), all others become one feature for each value, of
 * which at most one is 1 (a missing or new value has none). Columns that never vary are left out.
 */
public final class FeatureEncoder {
  private final List<Column> columns = new ArrayList<>();
  private int features;

  private record Column(String name, double mean, double deviation, List<String> values) {
    int width() {
      return values.isEmpty() ? 1 : values.size();
    }
  }

  /**
   * @param rows the training rows
   * @param target the column to leave out
   */
  public FeatureEncoder(List<Map<String, String>> rows, String target) {
    for (String name : rows.get(0).keySet()) {
      if (!name.equals(target)) {
        add(name, rows);
      }
    }
  }

  private void add(String name, List<Map<String, String>> rows) {
    List<String> texts =
        rows.stream().map(row -> row.get(name)).filter(text -> !text.isBlank()).toList();
    Set<String> values = new LinkedHashSet<>(texts);
    if (values.size() < 2) {
      return;
    }
    List<Double> numbers =
        texts.stream().map(NumberParser::parse).filter(Objects::nonNull).toList();
    Column column;
    if (numbers.size() == texts.size()) {
      double mean = numbers.stream().mapToDouble(n -> n).average().orElseThrow();
      double variance =
          numbers.stream().mapToDouble(n -> (n - mean) * (n - mean)).average().orElseThrow();
      if (variance == 0) {
        return;
      }
      column = new Column(name, mean, Math.sqrt(variance), List.of());
    } else {
      column = new Column(name, 0, 1, List.copyOf(values));
    }
    columns.add(column);
    features += column.width();
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
    int at = 0;
    for (Column column : columns) {
      String text = row.get(column.name());
      if (column.values().isEmpty()) {
        Double number = NumberParser.parse(text);
        x[at] = number == null ? 0 : (number - column.mean()) / column.deviation();
      } else {
        int value = column.values().indexOf(text);
        if (value >= 0) {
          x[at + value] = 1;
        }
      }
      at += column.width();
    }
    return x;
  }
}
