package io.lift.cli.table;

import io.lift.cli.base.CliException;
import io.lift.core.task.TaskType;
import java.util.List;
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

  /** Columns that are not features. */
  public List<String> without() {
    return without;
  }

  /** The given type; null to judge by the target's values. */
  public TaskType type() {
    return type;
  }
}
