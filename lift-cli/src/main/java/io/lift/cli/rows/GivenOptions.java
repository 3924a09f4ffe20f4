package io.lift.cli.rows;

import io.lift.cli.base.CliException;
import io.lift.core.row.GivenValues;
import io.lift.core.task.TaskSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Values that generated rows are to have. */
public final class GivenOptions {
  @Option(
      names = "--label",
      paramLabel = "LABEL",
      description = "The target that each row is to have: a label, or a number for a regression.")
  private String label;

  @Option(
      names = "--given",
      paramLabel = "COLUMN=VALUE",
      description = "A value that each row is to have; may be given for several columns.")
  private List<String> given = List.of();

  /**
   * By column.
   *
   * @throws CliException if something is no value of the task
   */
  Map<String, Object> values(TaskSpec task) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (String pair : given) {
      String column = column(task, pair);
      if (texts.put(column, pair.substring(column.length() + 1)) != null) {
        throw new CliException("--given names column '%s' twice.", column);
      }
    }
    if (label != null && texts.put(task.target().name(), label) != null) {
      throw new CliException("--label and --given both name '%s'.", task.target().name());
    }
    try {
      return GivenValues.read(task, texts);
    } catch (IllegalArgumentException e) {
      throw new CliException(e, e.getMessage());
    }
  }

  /** A column's name may contain an equals sign, so the longest name that fits is taken. */
  private static String column(TaskSpec task, String pair) {
    int equals = pair.indexOf('=');
    if (equals < 1) {
      throw new CliException("--given is COLUMN=VALUE, not '%s'.", pair);
    }
    String column = pair.substring(0, equals);
    for (var feature : task.features()) {
      if (pair.startsWith(feature.name() + "=") && feature.name().length() > column.length()) {
        column = feature.name();
      }
    }
    return column;
  }
}
