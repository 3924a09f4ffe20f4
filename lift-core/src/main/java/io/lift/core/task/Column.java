package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * One column of a table.
 *
 * @param name the JSON field or CSV header, at most 200 characters
 * @param type type of the values
 * @param categories for {@link ColumnType#CATEGORY}: the words, in order; otherwise empty
 * @param numbers for {@link ColumnType#NUMBER}: the frozen statistics; otherwise null
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Column(String name, ColumnType type, List<String> categories, NumberStats numbers) {
  /** Longest rendered value of a text column, in characters. */
  public static final int MAX_TEXT = 256;

  public Column {
    categories = categories == null ? List.of() : List.copyOf(categories);
  }

  public static Column number(String name, NumberStats numbers) {
    return new Column(name, ColumnType.NUMBER, List.of(), numbers);
  }

  public static Column category(String name, List<String> categories) {
    return new Column(name, ColumnType.CATEGORY, categories, null);
  }

  public static Column text(String name) {
    return new Column(name, ColumnType.TEXT, List.of(), null);
  }
}
