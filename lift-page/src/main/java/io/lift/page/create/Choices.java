package io.lift.page.create;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.core.table.FieldType;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.TaskType;
import io.lift.core.task.TemplateSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Choices for a task to be created; a null field takes the inferred value.
 *
 * @param name the task's name
 * @param target the column to predict
 * @param type classification or regression; null to infer it from the target
 * @param columns types by column, where they differ from the inferred ones
 * @param template the sentence
 * @param numbers how numbers are written
 * @param labelTexts what labels mean, by label; blank texts are left out, and so are those of
 *     labels that the task does not have, or of a task that compares no text with them
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Choices(
    String name,
    String target,
    TaskType type,
    Map<String, FieldType> columns,
    TemplateSpec template,
    NumberFormat numbers,
    Map<String, String> labelTexts) {
  public Choices {
    columns = columns == null ? Map.of() : columns;
    labelTexts = labelTexts == null ? Map.of() : labelTexts;
  }

  /** The types of columns that were chosen. */
  Map<String, FieldType> types() {
    Map<String, FieldType> types = new HashMap<>(columns);
    types.values().removeIf(type -> type == null);
    return types;
  }

  /** The texts of those labels that a task has. */
  Map<String, String> textsOf(List<String> labels) {
    Map<String, String> texts = new HashMap<>(labelTexts);
    texts.values().removeIf(text -> text == null || text.isBlank());
    texts.keySet().retainAll(labels);
    return texts;
  }
}
