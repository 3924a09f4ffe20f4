package io.lift.bench.pretrain;

import io.lift.core.row.Row;
import io.lift.core.row.RowParser;
import io.lift.core.row.RowRejectedException;
import io.lift.core.table.CsvTable;
import io.lift.core.table.JsonRows;
import io.lift.core.table.TaskInference;
import io.lift.core.task.Column;
import io.lift.core.task.ColumnType;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A table with its answers. Types, categories and labels are those of the whole table, as a schema
 * has them; the statistics of numbers are those of the rows that are labelled.
 *
 * @param task of the whole table
 * @param rows all of them, their targets included
 * @param texts the same as they stand in the file
 */
record LabelledTable(TaskSpec task, List<Row> rows, List<Map<String, String>> texts) {

  /** Reads CSV files of the same columns whose target is the last one. */
  static LabelledTable read(String name, TaskType type, List<Path> files) throws IOException {
    List<Map<String, String>> texts = new ArrayList<>();
    for (Path file : files) {
      try (CsvTable csv = CsvTable.open(file)) {
        csv.forEach(texts::add);
      }
    }
    return of(name, type, texts);
  }

  /**
   * A table whose target is the last column of each row.
   *
   * @throws IllegalArgumentException if a row cannot be used; the message says why
   */
  static LabelledTable of(String name, TaskType type, List<Map<String, String>> texts) {
    TaskInference inference = new TaskInference();
    texts.forEach(inference::add);
    TaskSpec task = inference.infer(name, null, type).task();
    RowParser parser = new RowParser(task);
    JsonRows json = new JsonRows(task);
    List<Row> rows = new ArrayList<>();
    for (Map<String, String> text : texts) {
      try {
        rows.add(parser.parse(json.write(text)));
      } catch (RowRejectedException e) {
        throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
      }
    }
    return new LabelledTable(task, rows, texts);
  }

  boolean regression() {
    return task.type() == TaskType.REGRESSION;
  }

  /** The task as it would be made from some of the rows. */
  TaskSpec task(int[] labelled) {
    List<Column> features = task.features().stream().map(c -> seen(c, labelled)).toList();
    return new TaskSpec(
        task.name(),
        1,
        task.type(),
        features,
        seen(task.target(), labelled),
        null,
        null,
        null,
        null,
        null);
  }

  private Column seen(Column column, int[] labelled) {
    if (column.type() != ColumnType.NUMBER) {
      return column;
    }
    double[] seen =
        Arrays.stream(labelled)
            .mapToObj(rows::get)
            .map(row -> column == task.target() ? row.target() : row.values().get(column.name()))
            .filter(value -> value != null)
            .mapToDouble(value -> (Double) value)
            .toArray();
    double mean = Arrays.stream(seen).average().orElse(0);
    double square = Arrays.stream(seen).map(x -> (x - mean) * (x - mean)).average().orElse(0);
    double min = Arrays.stream(seen).min().orElse(0);
    double max = Arrays.stream(seen).max().orElse(0);
    return Column.number(
        column.name(),
        new NumberStats(
            seen.length,
            mean,
            Math.sqrt(square),
            min,
            max,
            column.numbers().decimals(),
            column.numbers().scale()));
  }

  /** Rows as they stand in the file. */
  List<Map<String, String>> texts(int[] which) {
    return Arrays.stream(which).mapToObj(texts::get).toList();
  }

  /** Labels of rows, from 0. */
  int[] labels(int[] which) {
    return Arrays.stream(which).map(r -> task.labels().indexOf(rows.get(r).target())).toArray();
  }

  /** Numbers of rows. */
  double[] numbers(int[] which) {
    return Arrays.stream(which).mapToDouble(r -> (Double) rows.get(r).target()).toArray();
  }
}
