package io.lift.core.row;

import io.lift.core.task.TaskSpec;

/**
 * Reads a flat JSON object as a row of a task. Thread-safe.
 *
 * <p>Columns may come in any order; columns that the task does not know are ignored; absent, null
 * and empty values are missing; a category that the task has not seen counts as missing.
 */
public final class RowParser {
  private final TaskSpec task;

  public RowParser(TaskSpec task) {
    this.task = task;
  }

  /**
   * @param json UTF-8 JSON
   * @throws RowRejected if the bytes are not a flat JSON object that fits the task
   */
  public Row parse(byte[] json) throws RowRejected {
    throw new UnsupportedOperationException(task.name());
  }
}
