package io.lift.core.table;

import io.lift.core.row.CategoryWords;
import io.lift.core.row.NumberParser;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskSpecs;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Statistics of the values of one column, in bounded memory. */
final class ColumnProfile {
  /** Most distinct values that are kept. A column with more is never a category. */
  private static final int MAX_DISTINCT = 2000;

  private static final int MAX_WORD_LENGTH = 200;

  /** With fewer rows, values may be ordered or all different by chance. */
  private static final int MIN_ROWS_FOR_ORDER = 20;

  private final String name;
  private final Budget budget;
  private final Set<String> distinct = new HashSet<>();
  private boolean overflowed; // too many distinct values to keep, or values too long for words
  private long present;
  private long words; // values that are not numbers
  private long notFinite;
  private boolean whole = true; // all numbers are integers
  private boolean rising = true; // each number is above the one before
  private double last = Double.NEGATIVE_INFINITY;
  private boolean repeated; // some value occurs twice
  private boolean spaced; // some value has a space
  private String exampleWord;

  // Welford's running mean and sum of squares of the finite numbers
  private long count;
  private double mean;
  private double squares;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private final ScaleInference scale = new ScaleInference();

  /** The number of distinct values that all columns of a table may keep together. */
  static final class Budget {
    private int left;

    Budget(int values) {
      left = values;
    }

    private boolean take() {
      return left > 0 && left-- > 0;
    }
  }

  ColumnProfile(String name, Budget budget) {
    this.name = name;
    this.budget = budget;
  }

  void add(String text) {
    if (text == null || text.isBlank()) {
      return;
    }
    present++;
    String stripped = text.strip();
    Double number = isCode(stripped) ? null : NumberParser.parse(stripped);
    if (number == null) {
      words++;
      exampleWord = exampleWord == null ? stripped : exampleWord;
    } else if (!Double.isFinite(number)) {
      notFinite++;
      return;
    } else {
      addNumber(number);
    }
    if (stripped.length() > MAX_WORD_LENGTH) {
      overflowed = true;
      return;
    }
    String word = CategoryWords.canonical(stripped);
    spaced |= word.indexOf(' ') >= 0;
    if (distinct.contains(word)) {
      repeated = true;
    } else {
      if (distinct.size() < MAX_DISTINCT && budget.take()) {
        distinct.add(word);
      } else {
        overflowed = true;
      }
    }
  }

  /** Digits with leading zeros are a code, such as a postcode, and not a number. */
  private static boolean isCode(String text) {
    return text.length() > 1 && text.charAt(0) == '0' && Character.isDigit(text.charAt(1));
  }

  private void addNumber(double number) {
    count++;
    double delta = number - mean;
    mean += delta / count;
    squares += delta * (number - mean);
    min = Math.min(min, number);
    max = Math.max(max, number);
    scale.add(number);
    whole &= number == Math.rint(number);
    rising &= number > last;
    last = number;
  }

  String name() {
    return name;
  }

  boolean empty() {
    return present == notFinite;
  }

  boolean constant() {
    return !overflowed && distinct.size() == 1;
  }

  /** Whether the numbers increase from row to row, as row numbers and timestamps do. */
  boolean rising() {
    return numeric() && rising && count >= MIN_ROWS_FOR_ORDER;
  }

  /** Whether every row has a different word, as identifiers have. */
  boolean identifying() {
    return 2 * words > present && !repeated && !spaced && present >= MIN_ROWS_FOR_ORDER;
  }

  /** Whether every value is a number. */
  boolean numeric() {
    return !empty() && words == 0;
  }

  /** A value that is not a number; null if there is none. */
  String exampleWord() {
    return exampleWord;
  }

  /** Share of the values that are numbers. */
  double numericShare() {
    return present == 0 ? 0 : (double) (present - words) / present;
  }

  /** The number of values that are not missing. */
  long present() {
    return present;
  }

  /** The number of distinct values; null if there are too many to count. */
  Integer distinct() {
    return overflowed ? null : distinct.size();
  }

  long notFinite() {
    return notFinite;
  }

  /**
   * Whether the numbers look like codes of categories: integers with at most ten distinct values,
   * each occurring twice on average.
   */
  boolean codes() {
    return numeric()
        && whole
        && !overflowed
        && distinct.size() <= 10
        && count >= 2L * distinct.size();
  }

  /** Whether there are at most {@code max} distinct values, each short enough for a word. */
  boolean fewWords(int max) {
    return !overflowed && distinct.size() <= max;
  }

  /** The distinct values: numbers ascending, words in the order of their characters. */
  List<String> categories() {
    Comparator<String> order =
        numeric() ? Comparator.comparing(BigDecimal::new) : Comparator.naturalOrder();
    return distinct.stream().sorted(order).toList();
  }

  NumberStats stats() {
    double deviation = Math.sqrt(Math.max(0, squares) / count);
    return new NumberStats(count, mean, deviation, min, max, decimals(), scale.scale(deviation));
  }

  /**
   * The fewest digits after the point that keep the first 2000 distinct values distinct; 0 if and
   * only if all values are integers.
   */
  private int decimals() {
    if (whole) {
      return 0;
    }
    List<BigDecimal> values =
        distinct.stream().map(text -> BigDecimal.valueOf(Double.parseDouble(text))).toList();
    long distinctValues = values.stream().map(BigDecimal::stripTrailingZeros).distinct().count();
    for (int decimals = 1; decimals < TaskSpecs.MAX_DECIMALS; decimals++) {
      int scale = decimals;
      if (distinctValues
          == values.stream()
              .map(value -> value.setScale(scale, RoundingMode.HALF_EVEN))
              .distinct()
              .count()) {
        return decimals;
      }
    }
    return TaskSpecs.MAX_DECIMALS;
  }
}
