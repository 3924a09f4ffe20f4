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

/** What the values of one column have been so far, in bounded memory. */
final class ColumnProfile {
  /** Distinct values that are kept; a column with more is never a category. */
  private static final int MOST_DISTINCT = 2000;

  private static final int LONGEST_WORD = 200;

  /** In fewer rows values may well be in order, or all different, by chance. */
  private static final int FEWEST_FOR_ORDER = 20;

  private final String name;
  private final Budget budget;
  private final Set<String> distinct = new HashSet<>();
  private boolean overflowed; // more distinct values than are kept, or values too long for words
  private long present;
  private long words; // values that are not numbers
  private long notFinite;
  private boolean whole = true; // all numbers are integers
  private boolean rising = true; // each number is above the one before
  private double last = Double.NEGATIVE_INFINITY;
  private boolean repeated; // some value was seen twice
  private boolean spaced; // some value is more than one word
  private String exampleWord;

  // Welford's running mean and sum of squares of the finite numbers
  private long count;
  private double mean;
  private double squares;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;

  /** How many distinct values all columns of a table may keep together. */
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
    if (stripped.length() > LONGEST_WORD) {
      overflowed = true;
      return;
    }
    String word = CategoryWords.canonical(stripped);
    spaced |= word.indexOf(' ') >= 0;
    if (distinct.contains(word)) {
      repeated = true;
    } else {
      if (distinct.size() < MOST_DISTINCT && budget.take()) {
        distinct.add(word);
      } else {
        overflowed = true;
      }
    }
  }

  /** Digits with leading zeros are the code of something (a postcode), not a number. */
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

  /** Whether its numbers rise from row to row, as those of the rows and times of events do. */
  boolean rising() {
    return numeric() && rising && count >= FEWEST_FOR_ORDER;
  }

  /** Whether each row has a word of its own, as names of the rows are. */
  boolean naming() {
    return 2 * words > present && !repeated && !spaced && present >= FEWEST_FOR_ORDER;
  }

  /** Whether every value is a number. */
  boolean numeric() {
    return !empty() && words == 0;
  }

  /** A value that keeps the column from being numeric; null if it is. */
  String exampleWord() {
    return exampleWord;
  }

  /** Share of the values that are numbers. */
  double numericShare() {
    return present == 0 ? 0 : (double) (present - words) / present;
  }

  /** Values that are there. */
  long present() {
    return present;
  }

  /** How many different values there are; null if too many to tell. */
  Integer distinct() {
    return overflowed ? null : distinct.size();
  }

  long notFinite() {
    return notFinite;
  }

  /**
   * Whether the numbers are codes of a few kinds rather than quantities: integers of at most ten
   * different values, seen twice each on average.
   */
  boolean codes() {
    return numeric()
        && whole
        && !overflowed
        && distinct.size() <= 10
        && count >= 2L * distinct.size();
  }

  /** Whether there are at most so many different values, each short enough for a word. */
  boolean fewWords(int most) {
    return !overflowed && distinct.size() <= most;
  }

  /** The different values: numbers ascending, other words in the order of their characters. */
  List<String> categories() {
    Comparator<String> order =
        numeric() ? Comparator.comparing(BigDecimal::new) : Comparator.naturalOrder();
    return distinct.stream().sorted(order).toList();
  }

  NumberStats stats() {
    return new NumberStats(
        count, mean, Math.sqrt(Math.max(0, squares) / count), min, max, decimals());
  }

  /**
   * The fewest digits after the point that keep the distinct values (the first 2000 of them) apart;
   * none if and only if all values are integers.
   */
  private int decimals() {
    if (whole) {
      return 0;
    }
    List<BigDecimal> values =
        distinct.stream().map(text -> BigDecimal.valueOf(Double.parseDouble(text))).toList();
    long apart = values.stream().map(BigDecimal::stripTrailingZeros).distinct().count();
    for (int decimals = 1; decimals < TaskSpecs.MAX_DECIMALS; decimals++) {
      int scale = decimals;
      if (apart
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
