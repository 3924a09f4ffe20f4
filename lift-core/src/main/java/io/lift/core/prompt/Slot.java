package io.lift.core.prompt;

import io.lift.core.task.Column;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.NumberStats;
import io.lift.core.task.PlainText;
import io.lift.core.task.Sentence;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A slot of a sentence: where the value of one column is written. */
interface Slot {

  /** The name of the column. */
  String column();

  /**
   * Writes a value.
   *
   * @param value a value of a {@link io.lift.core.row.Row}; null if missing
   * @return whether a grid number was written
   */
  boolean append(StringBuilder out, Object value);

  /**
   * Finds the end of a written value.
   *
   * @param from offset of its start
   * @param next the text that follows it
   * @return the offset after it; -1 if there is no value of this column
   */
  int end(String text, int from, String next);

  /** The standardised number of a cell; NaN if the cell is not a number. */
  default double standardised(String cell) {
    return Double.NaN;
  }

  /**
   * The cell of a standardised number.
   *
   * @param standardised (value - mean) / deviation of the column
   * @throws UnsupportedOperationException if the column has no numbers
   */
  default String cell(double standardised) {
    throw new UnsupportedOperationException("column " + column() + " has no numbers");
  }

  private static int number(String text, int from, Pattern notation, String next) {
    if (text.startsWith(TaskLanguage.MISSING + next, from)) {
      return from + TaskLanguage.MISSING.length();
    }
    Matcher number = notation.matcher(text).region(from, text.length());
    return number.lookingAt() && text.startsWith(next, number.end()) ? number.end() : -1;
  }

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
            case ADAPTIVE ->
                new Decimal(column.name(), column.numbers(), column.numbers().decimals(), false);
            case FIXED ->
                new Decimal(
                    column.name(), column.numbers(), format.decimals(), column.numbers().whole());
          };
    };
  }

  /** A number on the grid of its column. */
  record Grid(String column, NumberGrid grid) implements Slot {
    private static final Pattern CELL = Pattern.compile("[1-9]?[0-9]");

    /** Grid numbers per standard deviation. */
    private static final double STANDARD = NumberGrid.SIZE / 2 / 3.0;

    @Override
    public boolean append(StringBuilder out, Object value) {
      if (value instanceof Double number) {
        out.append(grid.encode(number));
        return true;
      }
      out.append(TaskLanguage.MISSING);
      return false;
    }

    @Override
    public int end(String text, int from, String next) {
      return number(text, from, CELL, next);
    }

    @Override
    public double standardised(String cell) {
      return CELL.matcher(cell).matches()
          ? (Integer.parseInt(cell) - NumberGrid.SIZE / 2) / STANDARD
          : Double.NaN;
    }

    @Override
    public String cell(double standardised) {
      double number = Math.rint(NumberGrid.SIZE / 2 + STANDARD * standardised);
      return Integer.toString((int) Math.max(0, Math.min(NumberGrid.SIZE - 1, number)));
    }
  }

  /**
   * A number in decimal notation.
   *
   * @param stats statistics of the column
   * @param decimals digits after the point
   * @param integers whether whole numbers are written without a point
   */
  record Decimal(String column, NumberStats stats, int decimals, boolean integers) implements Slot {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?(e[+-][0-9]+)?");

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

    @Override
    public int end(String text, int from, String next) {
      return number(text, from, NUMBER, next);
    }

    @Override
    public double standardised(String cell) {
      return NUMBER.matcher(cell).matches()
          ? (Double.parseDouble(cell) - stats.mean()) / unit()
          : Double.NaN;
    }

    @Override
    public String cell(double standardised) {
      double value = stats.mean() + standardised * unit();
      StringBuilder out = new StringBuilder();
      append(out, integers ? Math.rint(value) : value);
      return out.toString();
    }

    private double unit() {
      return stats.deviation() > 0 ? stats.deviation() : 1;
    }
  }

  /** One of the words of a category column, or another word. */
  record Category(String column, Map<String, String> words) implements Slot {
    @Override
    public boolean append(StringBuilder out, Object value) {
      if (value == null) {
        out.append(TaskLanguage.MISSING);
      } else {
        String known = words.get(value);
        out.append(known == null ? unknown(value.toString()) : known);
      }
      return false;
    }

    /** A word that cannot be taken for the end of its slot. */
    private static String unknown(String word) {
      return PlainText.of(word).replace(Sentence.SEPARATOR, " ");
    }

    @Override
    public int end(String text, int from, String next) {
      int end = text.startsWith(TaskLanguage.MISSING + next, from) ? from + 1 : -1;
      for (String word : words.values()) {
        if (text.startsWith(word, from) && text.startsWith(next, from + word.length())) {
          end = Math.max(end, from + word.length());
        }
      }
      return end < 0 ? text.indexOf(next, from) : end;
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

    @Override
    public int end(String text, int from, String next) {
      return text.indexOf(next, from);
    }
  }
}
