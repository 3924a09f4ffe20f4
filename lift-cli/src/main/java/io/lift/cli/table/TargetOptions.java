package io.lift.cli.table;

import io.lift.cli.CliError;
import io.lift.core.task.TaskType;
import picocli.CommandLine.Option;

/** What a new task predicts of its rows. */
public final class TargetOptions {
  @Option(names = "--target", paramLabel = "COLUMN", description = "What to predict.")
  private String column;

  @Option(
      names = "--type",
      description = "${COMPLETION-CANDIDATES} (default: as the target's values suggest).")
  private TaskType type;

  /**
   * The column to predict.
   *
   * @throws CliError if the user did not name it
   */
  public String column() {
    if (column == null) {
      throw new CliError("Say what to predict: --target COLUMN.");
    }
    return column;
  }

  /** The column to predict, which is another one if the user did not name it. */
  public String column(String unlessGiven) {
    return column == null ? unlessGiven : column;
  }

  /** What the user asked for; null to judge by the target's values. */
  public TaskType type() {
    return type;
  }
}
