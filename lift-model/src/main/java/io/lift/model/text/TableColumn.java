package io.lift.model.text;

import io.lift.core.prompt.NumberGrid;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.Column;
import io.lift.core.task.ColumnType;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.NumberStats;
import io.lift.core.task.PlainText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The tokens of one column: one per value, and one for a missing value. A token represents column
 * and value together, so that the model need not learn which column a value belongs to.
 *
 * @param first token of the first value
 * @param values number of values with tokens: 100 grid positions, or the words of a category
 * @param words the category's words, in the order of their tokens; null for a number
 * @param longestFirst the indices of the words, longest first, because a word may begin with
 *     another; null for a number
 * @param codes whether the numbers are few integers, which may be codes of categories
 */
public record TableColumn(
    int first, int values, List<String> words, List<Integer> longestFirst, boolean codes) {
  /** An integer column with at least this range is always a quantity. */
  private static final int MAX_CODES = 60;

  /** The tokens of a column; null if its values are written as text. */
  static TableColumn of(Column column, NumberFormat format, int first) {
    if (column.type() == ColumnType.CATEGORY) {
      List<String> words = column.categories().stream().map(PlainText::of).distinct().toList();
      return new TableColumn(first, words.size(), words, longestFirst(words), false);
    }
    if (column.type() == ColumnType.NUMBER && format.style() == NumberFormat.Style.GRID) {
      return new TableColumn(first, NumberGrid.SIZE, null, null, codes(column.numbers()));
    }
    return null;
  }

  private static boolean codes(NumberStats stats) {
    return stats.whole() && stats.max() - stats.min() < MAX_CODES;
  }

  /** Whether the column has numbers. */
  public boolean number() {
    return words == null;
  }

  /** The token of a missing value, or of a word that is not in the column. */
  public int missing() {
    return first + values;
  }

  /** The token after the last. */
  public int end() {
    return first + values + 1;
  }

  /** Whether a token belongs to this column. */
  boolean has(int id) {
    return id >= first && id < end();
  }

  /** The text of a token's value. */
  String spelling(int id) {
    int value = id - first;
    if (value == values) {
      return TaskLanguage.MISSING;
    }
    return number() ? Integer.toString(value) : words.get(value);
  }

  private static List<Integer> longestFirst(List<String> words) {
    List<Integer> order = new ArrayList<>();
    for (int w = 0; w < words.size(); w++) {
      order.add(w);
    }
    order.sort(Comparator.comparingInt(w -> -words.get(w).length()));
    return order;
  }
}
