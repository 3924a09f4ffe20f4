package io.lift.bench.paper;

import io.lift.core.task.TaskType;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A set as one run sees it; every row has its target.
 *
 * @param name of the set
 * @param target its target column, the last
 * @param type classification or regression
 * @param train rows to learn from
 * @param valid rows to choose settings on; Lift does not use them
 * @param test rows to be scored on
 */
record SetData(
    String name,
    String target,
    TaskType type,
    List<Map<String, String>> train,
    List<Map<String, String>> valid,
    List<Map<String, String>> test) {

  /** The labels that occur anywhere, sorted; empty for a regression. */
  List<String> labels() {
    if (type == TaskType.REGRESSION) {
      return List.of();
    }
    TreeSet<String> labels = new TreeSet<>();
    Stream.of(train, valid, test)
        .flatMap(List::stream)
        .map(row -> row.get(target))
        .forEach(labels::add);
    return List.copyOf(labels);
  }

  SetData withTrain(List<Map<String, String>> rows) {
    return new SetData(name, target, type, rows, valid, test);
  }

  SetData withValid(List<Map<String, String>> rows) {
    return new SetData(name, target, type, train, rows, test);
  }

  SetData withTest(List<Map<String, String>> rows) {
    return new SetData(name, target, type, train, valid, rows);
  }
}
