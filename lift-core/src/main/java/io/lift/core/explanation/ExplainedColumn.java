package io.lift.core.explanation;

import io.lift.core.task.Column;
import io.lift.core.task.DatePart;
import io.lift.core.task.Sentence;
import io.lift.core.task.TaskSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A field of the rows that gets a contribution of its own. The parts of a date are one field: they
 * are replaced together.
 *
 * @param field the JSON field
 * @param columns the features that hold its values
 */
public record ExplainedColumn(String field, List<Column> columns) {
  /** The largest size up to which each whole number has a double of its own. */
  private static final double EXACT = 1L << 53;

  private static final double MILLIS_OF_DAY = 24 * 60 * 60 * 1000.0;

  public ExplainedColumn {
    columns = List.copyOf(columns);
  }

  /** The fields that the sentence of a task names, in the task's order. */
  public static List<ExplainedColumn> of(TaskSpec task) {
    List<Integer> slots = Sentence.of(task).slots();
    Map<String, List<Column>> fields = new LinkedHashMap<>();
    for (int feature = 0; feature < task.features().size(); feature++) {
      if (slots.contains(feature)) {
        Column column = task.features().get(feature);
        fields.computeIfAbsent(column.field(), any -> new ArrayList<>()).add(column);
      }
    }
    List<ExplainedColumn> explained = new ArrayList<>(fields.size());
    fields.forEach((field, columns) -> explained.add(new ExplainedColumn(field, columns)));
    return explained;
  }

  /**
   * The value of the field in a row: a number, without a fraction if it is whole, or a text. A date
   * is a moment in UTC, or what its columns hold of it.
   *
   * @param values of the row, by column
   * @return null for a missing value
   */
  public Object value(Map<String, Object> values) {
    if (columns.get(0).date() == null) {
      Object value = values.get(columns.get(0).name());
      return value instanceof Double number
              && number == Math.rint(number)
              && -EXACT < number
              && number < EXACT
          ? (Object) number.longValue()
          : value;
    }
    List<String> parts = new ArrayList<>();
    for (Column part : columns) {
      Object value = values.get(part.name());
      if (value instanceof Double days && part.date().part() == DatePart.TREND) {
        return Instant.ofEpochMilli(Math.round(days * MILLIS_OF_DAY)).toString();
      }
      if (value instanceof Double hour) {
        parts.add("hour " + hour.longValue());
      } else if (value != null) {
        parts.add(value.toString());
      }
    }
    return parts.isEmpty() ? null : String.join(", ", parts);
  }
}
