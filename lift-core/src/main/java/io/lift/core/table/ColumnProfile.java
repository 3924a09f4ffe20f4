package io.lift.core.table;

import io.lift.core.row.CategoryWords;
import io.lift.core.row.MissingWords;
import io.lift.core.row.NumberParser;
import io.lift.core.task.NumberNotation;
import io.lift.core.task.NumberStats;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Statistics of the values of one field, in bounded memory. */
final class ColumnProfile {
  /** Most distinct values that are kept. A column with more is never a category. */
  private static final int MAX_DISTINCT = 2000;

  private static final int MAX_WORD_LENGTH = 200;

  /** Most spellings of missing values that are kept. */
  private static final int MAX_MISSING = 20;

  /** With fewer rows, values may be ordered or all different by chance. */
  static final int MIN_ROWS_FOR_ORDER = 20;

  private static final int MAX_CODES = 10;
  private static final int SENTENCE_SPACES = 3; // of a value, in the mean

  private final String name;
  private final Budget budget;
  private final Set<String> distinct = new HashSet<>();
  private final NumberProfile numbers = new NumberProfile();
  private final Set<String> missing = new LinkedHashSet<>();
  private List<DateSummary> dates; // null before the first value
  private boolean overflowed; // too many distinct values to keep, or values too long for words
  private long present;
  private long missingCount; // values that usually mean a missing one
  private long notFinite;
  private boolean repeated; // some value occurs twice
  private long spaces; // in all values
  private String exampleWord;

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
    if (MissingWords.usual(stripped)) {
      missingCount++;
      if (missing.size() < MAX_MISSING) {
        missing.add(stripped);
      }
    } else {
      Double plain = NumberParser.parse(stripped);
      if (plain != null && plain.isInfinite()) {
        notFinite++;
        return;
      }
      if (!numbers.add(stripped, plain) && exampleWord == null) {
        exampleWord = stripped;
      }
      addDate(stripped);
    }
    addWord(stripped);
  }

  private void addDate(String stripped) {
    dates = dates == null ? DateSummary.of(stripped) : dates;
    for (DateSummary format : dates) {
      format.add(stripped);
    }
  }

  private void addWord(String stripped) {
    spaces += stripped.chars().filter(c -> c == ' ').count();
    if (stripped.length() > MAX_WORD_LENGTH) {
      overflowed = true;
      return;
    }
    String word = CategoryWords.canonical(stripped);
    if (distinct.contains(word)) {
      repeated = true;
    } else if (distinct.size() < MAX_DISTINCT && budget.take()) {
      distinct.add(word);
    } else {
      overflowed = true;
    }
  }

  String name() {
    return name;
  }

  /** What the values are as numbers. */
  NumberProfile numbers() {
    return numbers;
  }

  /** Whether no value is there but words for missing ones and infinities. */
  boolean empty() {
    return present == notFinite + missingCount;
  }

  boolean constant() {
    return !overflowed && distinct() == 1;
  }

  /** Whether the numbers increase from row to row, as row numbers and times do. */
  boolean rising() {
    return numeric()
        && numbers.summary().rising()
        && numbers.summary().count() >= MIN_ROWS_FOR_ORDER;
  }

  /** Whether the values are whole numbers of which each occurs once, as row numbers are. */
  boolean numbering() {
    NumberSummary summary = numbers.summary();
    return numeric()
        && summary.whole()
        && !repeated
        && (summary.counting() || summary.count() >= MIN_ROWS_FOR_ORDER);
  }

  /** Whether every row has a different word, as identifiers have. */
  boolean identifying() {
    return 2 * words() > present && !repeated && spaces == 0 && present >= MIN_ROWS_FOR_ORDER;
  }

  /**
   * Whether the values are sentences: of four words and more in the mean, and most of them differ.
   */
  boolean sentences() {
    return spaces >= SENTENCE_SPACES * present && 2L * distinct.size() > present;
  }

  /** Values that are not numbers. */
  private long words() {
    return numeric() ? 0 : numbers.words() + missingCount;
  }

  /** Whether every value is a number, apart from words for missing ones. */
  boolean numeric() {
    return numbers.fits();
  }

  /** The values as dates of the likeliest format; null if they are none. */
  DateSummary dates() {
    if (dates == null) {
      return null;
    }
    List<DateSummary> fitting = dates.stream().filter(DateSummary::fits).toList();
    if (fitting.isEmpty()) {
      return null;
    }
    // the day is before the month, unless only the other order makes the dates rise
    DateSummary first = fitting.get(0);
    DateSummary last = fitting.get(fitting.size() - 1);
    boolean otherRises = !first.rising() && last.rising();
    return otherRises ? last : first;
  }

  /** A value that is not a number; null if there is none. */
  String exampleWord() {
    return exampleWord == null ? numbers.exampleWord() : exampleWord;
  }

  /** Share of the values that are numbers. */
  double numericShare() {
    return present == 0 ? 0 : (double) (present - words()) / present;
  }

  /** The number of values that are not missing. */
  long present() {
    return readsMissing() ? present - missingCount : present;
  }

  /** Whether words such as {@code NA} mean missing values here, and are no values. */
  private boolean readsMissing() {
    return empty() || numeric() || dates() != null;
  }

  /** The words that mean missing values here, as they are written. */
  List<String> missing() {
    return readsMissing() && !empty() ? List.copyOf(missing) : List.of();
  }

  /** How many values are words that mean missing ones. */
  long missingCount() {
    return missing().isEmpty() ? 0 : missingCount;
  }

  /** The number of distinct values; null if there are too many to count. */
  Integer distinct() {
    return overflowed ? null : (int) distinct.stream().filter(this::isValue).count();
  }

  private boolean isValue(String word) {
    return !readsMissing() || !MissingWords.usual(word);
  }

  long notFinite() {
    return notFinite;
  }

  /**
   * Whether the numbers look like codes of categories: integers with at most ten distinct values,
   * each occurring twice on average.
   */
  boolean codes() {
    return wholeNumbers(MAX_CODES);
  }

  /**
   * Whether the numbers are integers without a unit, of at most {@code most} distinct values, each
   * occurring twice on average.
   */
  boolean wholeNumbers(int most) {
    NumberNotation notation = numbers.notation();
    return numeric()
        && numbers.summary().whole()
        && (notation == null || notation.unit() == null)
        && !overflowed
        && distinct() <= most
        && numbers.summary().count() >= 2L * distinct();
  }

  /** Whether there are at most {@code max} distinct values, each short enough for a word. */
  boolean fewWords(int max) {
    return !overflowed && distinct() <= max;
  }

  /** Whether all distinct values are known and look like UUIDs or long hexadecimal numbers. */
  boolean uuids() {
    return distinct.stream()
        .allMatch(word -> word.matches("[{(]?(?=.*[0-9])[0-9A-Fa-f-]{16,}[)}]?"));
  }

  /** The distinct values: numbers ascending, words in the order of their characters. */
  List<String> categories() {
    Comparator<String> order =
        numeric()
            ? Comparator.comparing(numbers::value).thenComparing(Comparator.naturalOrder())
            : Comparator.naturalOrder();
    return distinct.stream().filter(this::isValue).sorted(order).toList();
  }

  /** The statistics of the numbers. Their decimals keep the first 2000 distinct values distinct. */
  NumberStats stats() {
    return numbers
        .summary()
        .stats(
            distinct.stream()
                .filter(this::isValue)
                .map(numbers::value)
                .filter(Objects::nonNull)
                .toList());
  }
}
