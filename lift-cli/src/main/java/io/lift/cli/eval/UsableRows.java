package io.lift.cli.eval;

import io.lift.cli.base.CliException;
import io.lift.core.table.JsonRows;
import io.lift.core.table.RefusedRows;
import io.lift.core.task.Column;
import io.lift.core.task.TaskSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rows of an evaluation without those that cannot be used: the serializer would refuse them, or
 * they have no feature or no target.
 *
 * @param data the usable rows
 * @param refused how many rows were left out
 * @param remarks how many of each part were left out and why, one sentence each
 */
record UsableRows(EvalData data, int refused, List<String> remarks) {

  /**
   * Sorts the rows.
   *
   * @throws CliException if none are left to train or to test
   */
  static UsableRows of(TaskSpec task, EvalData all) {
    List<String> remarks = new ArrayList<>();
    absent(task, all.test()).ifPresent(remarks::add);
    List<Map<String, String>> train = usable(task, all.train(), "training", remarks);
    List<Map<String, String>> test = usable(task, all.test(), "test", remarks);
    List<Map<String, String>> calibration = usable(task, all.calibration(), "calibration", remarks);
    if (train.isEmpty() && !all.train().isEmpty() || test.isEmpty()) {
      throw new CliException(
          "%s leaves no rows to train or to test. %s", all.name(), String.join(" ", remarks));
    }
    int before = all.train().size() + all.test().size() + all.calibration().size();
    int after = train.size() + test.size() + calibration.size();
    return new UsableRows(all.with(train, test, calibration), before - after, remarks);
  }

  /** What to say if the test rows lack columns; one that lacks all has no usable row. */
  private static Optional<String> absent(TaskSpec task, List<Map<String, String>> test) {
    List<String> absent =
        task.features().stream()
            .map(Column::field)
            .distinct()
            .filter(field -> !test.isEmpty() && !test.get(0).containsKey(field))
            .toList();
    return absent.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "The test rows have no column '%s'%s; there it counts as missing."
                .formatted(
                    absent.get(0),
                    absent.size() == 1 ? "" : " and %d others".formatted(absent.size() - 1)));
  }

  private static List<Map<String, String>> usable(
      TaskSpec task, List<Map<String, String>> rows, String part, List<String> remarks) {
    JsonRows json = new JsonRows(task);
    RefusedRows refused = new RefusedRows(task, false);
    List<Map<String, String>> usable = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      if (!refused.refuses(i + 1, json.write(rows.get(i)), true)) {
        usable.add(rows.get(i));
      }
    }
    if (refused.count() > 0) {
      remarks.add(
          "%,d of %,d %s rows cannot be used and are left out: %s"
              .formatted(refused.count(), rows.size(), part, refused.reasons()));
    }
    return usable;
  }
}
