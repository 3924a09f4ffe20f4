package io.lift.cli.eval;

import io.lift.cli.kafka.RowGeneration;
import io.lift.core.row.NumberParser;
import io.lift.core.task.Column;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of one evaluation; every row has its target.
 *
 * @param name of the data set
 * @param target its target column
 * @param type classification or regression; null lets the training rows decide
 * @param train rows to train on
 * @param test rows to predict
 * @param calibration rows to predict and label before the test rows
 * @param valid how many rows were set aside
 * @param remarks what the user should know about the files, one sentence each
 */
record EvalData(
    String name,
    String target,
    TaskType type,
    List<Map<String, String>> train,
    List<Map<String, String>> test,
    List<Map<String, String>> calibration,
    int valid,
    List<String> remarks) {

  /** The same with the first of the training rows. */
  EvalData trainingOn(int rows) {
    return with(train.subList(0, Math.min(rows, train.size())), test, calibration);
  }

  /** The same with other rows. */
  EvalData with(
      List<Map<String, String>> newTrain,
      List<Map<String, String>> newTest,
      List<Map<String, String>> newCalibration) {
    return new EvalData(name, target, type, newTrain, newTest, newCalibration, valid, remarks);
  }

  /**
   * The same with generated training rows, whose numbers are digits with a point. Those of the
   * other rows are written so too.
   *
   * @param task that generated the rows
   */
  EvalData on(RowGeneration.Outcome generated, TaskSpec task) {
    List<Map<String, String>> rows = new ArrayList<>();
    for (Map<String, Object> values : generated.rows()) {
      Map<String, String> row = new LinkedHashMap<>();
      for (String column : train.get(0).keySet()) {
        row.put(column, RowGeneration.cell(values.get(column)));
      }
      rows.add(row);
    }
    return new EvalData(
        name,
        target,
        task.type(),
        rows,
        plain(task, test),
        plain(task, calibration),
        valid,
        remarks);
  }

  private static List<Map<String, String>> plain(TaskSpec task, List<Map<String, String>> rows) {
    List<Column> columns = new ArrayList<>(task.features());
    columns.add(task.target());
    columns.removeIf(column -> column.notation() == null && column.missing().isEmpty());
    List<Map<String, String>> plain = new ArrayList<>(rows.size());
    for (Map<String, String> row : rows) {
      Map<String, String> numbers = new LinkedHashMap<>(row);
      for (Column column : columns) {
        numbers.computeIfPresent(column.name(), (any, text) -> plain(column, text));
      }
      plain.add(numbers);
    }
    return plain;
  }

  private static String plain(Column column, String text) {
    Double number = NumberParser.parse(text, column.notation());
    return number == null || number.isNaN() ? "" : number.toString();
  }
}
