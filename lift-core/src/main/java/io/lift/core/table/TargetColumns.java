package io.lift.core.table;

import io.lift.core.task.Column;
import io.lift.core.task.TaskSpecs;
import io.lift.core.task.TaskType;

/** Makes the target of a task out of a column. */
final class TargetColumns {
  private TargetColumns() {}

  /**
   * The type of a task.
   *
   * @param given the type that the user has set; null for none
   * @param column the type of the target as a column, if the user has set that; otherwise null
   * @throws IllegalArgumentException with one sentence, if a target cannot be of that type
   */
  static TaskType type(ColumnProfile target, TaskType given, FieldType column) {
    if (target.empty()) {
      throw new IllegalArgumentException("The target '" + target.name() + "' has no values.");
    }
    if (column == FieldType.DATE || column == FieldType.TEXT || column == FieldType.LEAVE_OUT) {
      throw new IllegalArgumentException(
          "The target '%s' can be a number or a category, not %s."
              .formatted(target.name(), column.words()));
    }
    if (given != null) {
      return given;
    }
    boolean quantity =
        column == null ? target.numeric() && !target.codes() : column == FieldType.NUMBER;
    return quantity ? TaskType.REGRESSION : TaskType.CLASSIFICATION;
  }

  /**
   * The target of a task.
   *
   * @param rows of the table
   * @throws IllegalArgumentException with one sentence, if it cannot be one
   */
  static Column column(ColumnProfile target, TaskType type, long rows) {
    String named = "The target '" + target.name() + "' ";
    if (type == TaskType.REGRESSION) {
      if (!target.numeric()) {
        throw new IllegalArgumentException(
            named
                + "of a regression must be numbers, and '"
                + target.exampleWord()
                + "' is not one.");
      }
      return Column.number(target.name(), target.stats())
          .notated(target.numbers().notation())
          .missing(target.missing());
    }
    if (!target.fewWords(TaskSpecs.MAX_CATEGORIES)) {
      throw new IllegalArgumentException(
          named
              + "has more than "
              + TaskSpecs.MAX_CATEGORIES
              + " different values, which is too many for labels.");
    }
    if (target.constant()) {
      throw new IllegalArgumentException(
          named
              + "has one label only, '%s', in all of its %,d rows: there is nothing to learn. Choose another target, or rows with several labels."
                  .formatted(target.categories().get(0), rows));
    }
    return Column.category(target.name(), target.categories()).missing(target.missing());
  }
}
