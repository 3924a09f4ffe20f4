package io.lift.cli.task;

import io.lift.cli.base.CliException;
import io.lift.cli.term.Terminal;
import io.lift.core.table.FieldType;
import io.lift.core.table.TaskInference;
import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.CalibrationPolicy;
import io.lift.core.task.Column;
import io.lift.core.task.KeyType;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.Sink;
import io.lift.core.task.Source;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskSpecs;
import io.lift.core.task.TaskType;
import io.lift.core.task.TemplateSpec;
import io.lift.core.task.TrainingPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A task before it is published: inferred from rows, then changed by the user's options.
 *
 * @param spec the task so far
 * @param remarks what the user should know about the rows, one sentence each
 * @param identifiers features that look like row numbers or identifiers
 */
public record TaskProposal(TaskSpec spec, List<String> remarks, List<String> identifiers) {

  /**
   * @param target the column to predict
   * @param type null to judge by the target's values
   * @param types types of columns that differ from the inferred ones
   * @throws CliException if no valid task comes out, or a column is not there
   */
  public static TaskProposal infer(
      String name,
      Iterable<Map<String, String>> rows,
      String target,
      TaskType type,
      Map<String, FieldType> types) {
    TaskInference inference = new TaskInference();
    rows.forEach(inference::add);
    try {
      TaskInference.Inferred inferred = inference.infer(name, target, type, types);
      return new TaskProposal(inferred.task(), inferred.remarks(), inferred.identifiers());
    } catch (IllegalArgumentException e) {
      throw new CliException(e, e.getMessage());
    }
  }

  public TaskType type() {
    return spec.type();
  }

  /** Says the remarks, a line each. */
  public void print(Terminal terminal) {
    remarks.forEach(remark -> terminal.out().println("Note: " + remark));
    if (!identifiers.isEmpty()) {
      terminal.out().println("Leave out with: --without " + String.join(",", identifiers));
    }
  }

  public TaskProposal withVersion(int version) {
    return with(spec.toBuilder().version(version));
  }

  public TaskProposal with(TemplateSpec template) {
    return with(spec.toBuilder().template(template));
  }

  public TaskProposal with(NumberFormat numbers) {
    return with(spec.toBuilder().numbers(numbers));
  }

  /** The same whose labels mean this. */
  public TaskProposal with(Map<String, String> labelTexts) {
    return with(spec.toBuilder().labelTexts(labelTexts));
  }

  public TaskProposal withSources(List<Source> sources) {
    return with(spec.toBuilder().sources(sources));
  }

  /** The same whose predictions also go there; null for nowhere. */
  public TaskProposal withSink(Sink sink) {
    return with(spec.toBuilder().sink(sink));
  }

  public TaskProposal with(KeyType keys, Double minColumns) {
    return with(spec.toBuilder().keys(keys).minColumns(minColumns));
  }

  public TaskProposal with(BeforeFirstCheckpoint before) {
    return with(spec.toBuilder().beforeFirstCheckpoint(before));
  }

  public TaskProposal with(TrainingPolicy training) {
    return with(spec.toBuilder().training(training));
  }

  public TaskProposal with(CalibrationPolicy calibration) {
    return with(spec.toBuilder().calibration(calibration));
  }

  private TaskProposal with(TaskSpec.Builder changed) {
    return new TaskProposal(changed.build(), remarks, identifiers);
  }

  /** The same with every label that occurs in these rows; of a regression, unchanged. */
  public TaskProposal withLabelsOf(List<Map<String, String>> rows) {
    if (spec.type() == TaskType.REGRESSION) {
      return this;
    }
    Column target = spec.target();
    List<String> labels =
        TaskInference.labels(rows.stream().map(row -> row.get(target.name())).toList());
    TaskProposal all =
        with(
            spec.toBuilder()
                .target(Column.category(target.name(), labels).missing(target.missing())));
    try {
      TaskSpecs.validate(all.spec);
    } catch (IllegalArgumentException e) {
      throw new CliException(e, e.getMessage());
    }
    return all;
  }

  /** The same with remarks about the table before the others. */
  public TaskProposal withRemarks(List<String> table) {
    List<String> all = new ArrayList<>(table);
    all.addAll(remarks);
    return new TaskProposal(spec, List.copyOf(all), identifiers);
  }
}
