package io.lift.core.prompt;

import io.lift.core.task.Column;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.PlainText;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A place in the sentence where the value of one column goes. */
interface Slot {

  String column();

  /**
   * Writes a value.
   *
   * @param value as a {@link io.lift.core.row.Row} holds it; null if missing
   * @return whether a grid number was written
   */
  boolean append(StringBuilder out, Object value);

  static Slot of(Column column, NumberFormat format) {
    return switch (column.type()) {
      case CATEGORY ->
          new Category(
              column.name(),
              column.categories().stream()
                  .collect(Collectors.toUnmodifiableMap(Function.identity(), PlainText::of)));
      case TEXT -> new Text(column.name());
      case NUMBER ->
          switch (format.style()) {
            case GRID -> new Grid(column.name(), NumberGrid.ofFeature(column.numbers()));
            case ADAPTIVE -> new Decimal(column.name(), column.numbers().decimals(), false);
            case FIXED ->
                new Decimal(column.name(), format.decimals(), column.numbers().decimals() == 0);
          };
    };
  }

  /** A number as a cell of its grid. */
  record Grid(String column, NumberGrid grid) implements Slot {
    @Override
    public boolean append(StringBuilder out, Object value) {
      if (value instanceof Double number) {
        out.append(grid.encode(number));
        return true;
      }
      out.append(TaskLanguage.MISSING);
      return false;
    }
  }

  /**
   * A number in decimal notation.
   *
   * @param decimals digits after the point
   * @param integers whether whole numbers are written without a point
   */
  record Decimal(String column, int decimals, boolean integers) implements Slot {
    @Override
    public boolean append(StringBuilder out, Object value) {
      if (value instanceof Double number) {
        boolean whole = integers && number == Math.rint(number);
        Decimals.append(out, whole ? number + 0.0 : number, whole ? 0 : decimals);
      } else {
        out.append(TaskLanguage.MISSING);
      }
      return false;
    }
  }

  /** One of the words of a category column. */
  record Category(String column, Map<String, String> words) implements Slot {
    @Override
    public boolean append(StringBuilder out, Object value) {
      String word = value == null ? null : words.get(value);
      out.append(word == null ? TaskLanguage.MISSING : word);
      return false;
    }
  }

  /** Free text, up to {@link Column#MAX_TEXT} characters. */
  record Text(String column) implements Slot {
    @Override
    public boolean append(StringBuilder out, Object value) {
      out.append(
          value == null
              ? TaskLanguage.MISSING
              : PlainText.of(PlainText.cut(value.toString(), Column.MAX_TEXT)));
      return false;
    }
  }
}
