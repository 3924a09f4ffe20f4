package io.lift.core.row;

import io.lift.core.task.Column;
import io.lift.core.task.ColumnType;
import io.lift.core.task.TaskSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the values that a request for generated rows fixes for some of the columns. */
public final class GivenValues {
  private GivenValues() {}

  /**
   * The values by column, as in a {@link Row}. Any finite number is accepted, also outside the
   * column's range. A word must be one of the column's.
   *
   * @param given text, numbers and booleans by column; may include the target
   * @throws IllegalArgumentException with one sentence that names the column, if the task has no
   *     such column or the column no such value
   */
  public static Map<String, Object> read(TaskSpec task, Map<String, ?> given) {
    Map<String, Object> values = new LinkedHashMap<>();
    given.forEach((name, value) -> values.put(name, read(column(task, name), value)));
    return values;
  }

  private static Column column(TaskSpec task, String name) {
    if (task.target().name().equals(name)) {
      return task.target();
    }
    return task.features().stream()
        .filter(feature -> feature.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Task " + task.name() + " has no column " + Excerpt.of(name) + "."));
  }

  private static Object read(Column column, Object value) {
    boolean scalar = value instanceof String || value instanceof Number || value instanceof Boolean;
    String text = scalar ? value.toString() : "";
    if (text.isBlank()) {
      throw invalid(column, "is given without a value: leave it out, or give text or a number");
    }
    if (column.type() == ColumnType.TEXT) {
      throw invalid(column, "is free text, which generated rows leave out");
    }
    if (column.type() == ColumnType.CATEGORY) {
      String word = new CategoryWords(column.categories()).find(text);
      if (word == null) {
        throw invalid(column, "has no value " + Excerpt.of(text) + " in the task");
      }
      return word;
    }
    Double number = value instanceof Boolean ? null : NumberParser.parse(text, column.notation());
    if (number == null || !Double.isFinite(number)) {
      throw invalid(column, "needs a finite number, not " + Excerpt.of(text));
    }
    return number;
  }

  private static IllegalArgumentException invalid(Column column, String what) {
    return new IllegalArgumentException("Column " + Excerpt.of(column.name()) + " " + what + ".");
  }
}
