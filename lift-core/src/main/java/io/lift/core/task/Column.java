package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * One column of a task. It holds the values of one field of the rows, or a part of the dates in a
 * field.
 *
 * @param name the JSON field or CSV header, at most 200 characters; of a part of a date, a name of
 *     its own
 * @param type type of the values
 * @param categories for {@link ColumnType#CATEGORY}: the words, in order; otherwise empty
 * @param numbers for {@link ColumnType#NUMBER}: the frozen statistics; otherwise null
 * @param notation for numbers that are written with a decimal comma, separators or a unit: how;
 *     otherwise null
 * @param date for a part of a date: where it comes from; otherwise null
 * @param missing words that mean a missing value, such as {@code NA}, in any case of letters
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Column(
    String name,
    ColumnType type,
    List<String> categories,
    NumberStats numbers,
    NumberNotation notation,
    DateSource date,
    List<String> missing) {
  /** Longest rendered value of a text column, in characters. */
  public static final int MAX_TEXT = 2048;

  /** Longest word of a category column that is not among its categories, in characters. */
  public static final int MAX_WORD = 100;

  public Column {
    categories = categories == null ? List.of() : List.copyOf(categories);
    missing = missing == null ? List.of() : List.copyOf(missing);
  }

  public static Column number(String name, NumberStats numbers) {
    return new Column(name, ColumnType.NUMBER, List.of(), numbers, null, null, List.of());
  }

  public static Column category(String name, List<String> categories) {
    return new Column(name, ColumnType.CATEGORY, categories, null, null, null, List.of());
  }

  public static Column text(String name) {
    return new Column(name, ColumnType.TEXT, List.of(), null, null, null, List.of());
  }

  /** The same column with numbers in this notation; null for digits with a point. */
  public Column notated(NumberNotation newNotation) {
    return new Column(name, type, categories, numbers, newNotation, date, missing);
  }

  /** The same column as a part of a date. */
  public Column ofDate(DateSource source) {
    return new Column(name, type, categories, numbers, notation, source, missing);
  }

  /** The same column with words that mean a missing value. */
  public Column missing(List<String> words) {
    return new Column(name, type, categories, numbers, notation, date, words);
  }

  /** The JSON field or CSV header that holds the column's values. */
  public String field() {
    return date == null ? name : date.field();
  }
}
