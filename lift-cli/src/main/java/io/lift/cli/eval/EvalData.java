package io.lift.cli.eval;

import io.lift.cli.kafka.RowGeneration;
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
 */
record EvalData(
    String name,
    String target,
    TaskType type,
    List<Map<String, String>> train,
    List<Map<String, String>> test,
    List<Map<String, String>> calibration,
    int valid) {

  /** The same with generated training rows and a given type. */
  EvalData on(RowGeneration.Outcome generated, TaskType taskType) {
    List<Map<String, String>> rows = new ArrayList<>();
    for (Map<String, Object> values : generated.rows()) {
      Map<String, String> row = new LinkedHashMap<>();
      for (String column : train.get(0).keySet()) {
        row.put(column, RowGeneration.cell(values.get(column)));
      }
      rows.add(row);
    }
    return new EvalData(name, target, taskType, rows, test, calibration, valid);
  }
}
