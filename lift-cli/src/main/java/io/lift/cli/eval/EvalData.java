package io.lift.cli.eval;

import io.lift.core.task.TaskType;
import java.util.List;
import java.util.Map;

/**
 * The rows of one evaluation; every row has its target.
 *
 * @param name of the data set
 * @param target its target column
 * @param type classification or regression; null lets the training rows decide
 * @param train rows to learn from
 * @param test rows to ask for
 * @param calibration rows to be asked for and labelled before the test rows
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

  /** The same with other rows to learn from, and the type settled. */
  EvalData withTrain(List<Map<String, String>> rows, TaskType settled) {
    return new EvalData(name, target, settled, rows, test, calibration, valid);
  }
}
