package io.lift.cli.table;

import io.lift.cli.base.CliException;
import io.lift.core.table.FieldType;
import io.lift.core.task.TaskType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The target column of a new task, its type, and the columns that are not features. */
public final class TargetOptions {
  @Option(names = "--target", paramLabel = "COLUMN", description = "What to predict.")
  private String column;

  @Option(
      names = "--type",
      description = "${COMPLETION-CANDIDATES} (default: as the target's values suggest).")
  private TaskType type;

  @Option(
      names = "--without",
      paramLabel = "COLUMN",
      split = ",",
      description = "Columns that are not features, such as numbers, names and times of rows.")
  private List<String> without = List.of();

  @Option(
      names = "--column-type",
      paramLabel = "COLUMN=TYPE",
      description =
          "Read a column as a number, category, text or date, where the inferred type is wrong; may"
              + " be repeated.")
  private List<String> types = List.of();

  /**
   * The column to predict.
   *
   * @throws CliException if the user did not name it
   */
  public String column() {
    if (column == null) {
      throw new CliException("Say what to predict: --target COLUMN.");
    }
    return column;
  }

  /** The column to predict, which is another one if the user did not name it. */
  public String column(String unlessGiven) {
    return column == null ? unlessGiven : column;
  }

  /**
   * The types of columns that the user has set; {@code --without} is a type too.
   *
   * @throws CliException if one is not a type
   */
  public Map<String, FieldType> types() {
    Map<String, FieldType> all = new LinkedHashMap<>();
    for (String pair : types) {
      int equals = pair.lastIndexOf('=');
      if (equals < 1) {
        throw new CliException(
            "--column-type is COLUMN=TYPE, such as --column-type zip=category, not '%s'.", pair);
      }
      try {
        all.put(pair.substring(0, equals), FieldType.of(pair.substring(equals + 1)));
      } catch (IllegalArgumentException e) {
        throw new CliException(e, e.getMessage());
      }
    }
    without.forEach(name -> all.put(name, FieldType.LEAVE_OUT));
    return all;
  }

  /** The given type; null to judge by the target's values. */
  public TaskType type() {
    return type;
  }
}
