package io.lift.page.create;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.core.task.ColumnType;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.TaskType;
import io.lift.core.task.TemplateSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Choices for a task to be created; a null field takes the inferred value.
 *
 * @param name the task's name
 * @param target the column to predict
 * @param type classification or regression; null to infer it from the target
 * @param columns column → {@code number}, {@code category}, {@code text} or {@code leave out}
 * @param template the sentence
 * @param numbers how numbers are written
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Choices(
    String name,
    String target,
    TaskType type,
    Map<String, String> columns,
    TemplateSpec template,
    NumberFormat numbers) {
  private static final String LEAVE_OUT = "leave out";

  public Choices {
    columns = columns == null ? Map.of() : columns;
  }

  /** Columns that are not features. */
  Set<String> leftOut() {
    Set<String> leftOut = new HashSet<>();
    columns.forEach(
        (column, type) -> {
          if (LEAVE_OUT.equals(type)) {
            leftOut.add(column);
          }
        });
    return leftOut;
  }

  /**
   * The types that were chosen.
   *
   * @throws IllegalArgumentException with one sentence, if one is not a type
   */
  Map<String, ColumnType> types() {
    Map<String, ColumnType> types = new HashMap<>();
    columns.forEach(
        (column, type) -> {
          if (type != null && !type.equals(LEAVE_OUT)) {
            types.put(column, type(column, type));
          }
        });
    return types;
  }

  private static ColumnType type(String column, String type) {
    return switch (type) {
      case "number" -> ColumnType.NUMBER;
      case "category" -> ColumnType.CATEGORY;
      case "text" -> ColumnType.TEXT;
      default ->
          throw new IllegalArgumentException(
              "column '%s' can be number, category, text or leave out, not '%s'"
                  .formatted(column, type));
    };
  }
}
