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
 * A real classification. Types, categories and labels are those of the whole table, as a schema has
 * them; the statistics of numbers are those of the rows that are labelled.
 *
 * @param task of the whole table
 * @param rows all of them, their targets included
 * @param texts the same as they stand in the file
 */
record LabelledTable(TaskSpec task, List<Row> rows, List<Map<String, String>> texts) {

  /** Reads a CSV file whose target is the last column. */
  static LabelledTable read(String name, Path file) throws IOException {
    TaskInference inference = new TaskInference();
    List<Map<String, String>> texts = new ArrayList<>();
    try (CsvTable csv = CsvTable.open(file)) {
      for (Map<String, String> row : csv) {
        inference.add(row);
        texts.add(row);
      }
    }
    TaskSpec task = inference.infer(name, null, TaskType.CLASSIFICATION).task();
    RowParser parser = new RowParser(task);
    JsonRows json = new JsonRows(task);
    List<Row> rows = new ArrayList<>();
    for (Map<String, String> text : texts) {
      try {
        rows.add(parser.parse(json.write(text)));
      } catch (RowRejectedException e) {
        throw new IOException(file + ": " + e.getMessage(), e);
      }
    }
    return new LabelledTable(task, rows, texts);
  }

  /** The task as it would be made from some of the rows. */
  TaskSpec task(int[] labelled) {
    List<Column> features = new ArrayList<>();
    for (Column column : task.features()) {
      features.add(
          column.type() == ColumnType.NUMBER
              ? Column.number(column.name(), stats(column, labelled))
              : column);
    }
    return new TaskSpec(
        task.name(), 1, task.type(), features, task.target(), null, null, null, null, null);
  }

  private NumberStats stats(Column column, int[] labelled) {
    double[] seen =
        Arrays.stream(labelled)
            .mapToObj(r -> rows.get(r).values().get(column.name()))
            .filter(value -> value != null)
            .mapToDouble(value -> (Double) value)
            .toArray();
    double mean = Arrays.stream(seen).average().orElse(0);
    double square = Arrays.stream(seen).map(x -> (x - mean) * (x - mean)).average().orElse(0);
    double min = Arrays.stream(seen).min().orElse(0);
    double max = Arrays.stream(seen).max().orElse(0);
    return new NumberStats(
        seen.length, mean, Math.sqrt(square), min, max, column.numbers().decimals());
  }

  /** Rows as they stand in the file. */
  List<Map<String, String>> texts(int[] which) {
    return Arrays.stream(which).mapToObj(texts::get).toList();
  }

  /** Labels of rows, from 0. */
  int[] labels(int[] which) {
    return Arrays.stream(which).map(r -> task.labels().indexOf(rows.get(r).target())).toArray();
  }
}
