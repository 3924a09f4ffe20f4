package io.lift.core.prompt;

import io.lift.core.task.Column;
import io.lift.core.task.ColumnType;
import io.lift.core.task.NumberStats;
import io.lift.core.task.PlainText;
import io.lift.core.task.Sentence;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.core.task.TemplateSpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The sentences of questions about single columns, and the values of their answers: {@code When we
 * have x1=57, x3=red, y=good, What is x2? ###}. One question per column, in any order, each with
 * the answers so far, samples a whole row by the chain rule of probability.
 *
 * <p>A value is written as in the task's sentence, and the target of a regression as its grid
 * number. Columns are numbered as the features, with the target after the last. Free text is left
 * out. Immutable and thread-safe.
 */
public final class ColumnLanguage {
  /** Version of the rules in this class; part of the language's hash. */
  static final String RULES = "columns-1";

  private static final String BEGIN = "When we have ";
  private static final String ANONYMOUS_TARGET = "y";

  private final TaskSpec task;
  private final List<Column> columns; // the target last
  private final PromptCells prompts;
  private final Slot[] slots;
  private final List<Map<String, String>> words; // by column: a category's words by their spelling
  private final String begin;
  private final String[] names;
  private final int[] order; // the columns in the order of the sentence

  ColumnLanguage(TaskSpec task) {
    this.task = task;
    columns =
        IntStream.rangeClosed(0, task.features().size())
            .mapToObj(c -> c < task.features().size() ? task.features().get(c) : task.target())
            .toList();
    prompts = new PromptCells(task);
    slots = columns.stream().map(this::slot).toArray(Slot[]::new);
    words = columns.stream().map(ColumnLanguage::words).toList();
    Sentence sentence = Sentence.of(task);
    begin = sentence.begin() == null ? BEGIN : sentence.begin();
    names = names(sentence);
    order =
        IntStream.concat(
                sentence.slots().stream().mapToInt(slot -> slot).distinct(), IntStream.of(target()))
            .toArray();
  }

  private Slot slot(Column column) {
    return column == task.target() && task.type() == TaskType.REGRESSION
        ? new Slot.Grid(column.name(), NumberGrid.ofTarget(column.numbers()))
        : Slot.of(column, task.numbers());
  }

  private static Map<String, String> words(Column column) {
    Map<String, String> words = new LinkedHashMap<>();
    column.categories().forEach(word -> words.putIfAbsent(PlainText.of(word), word));
    return words;
  }

  /** The names in the sentence, by column. */
  private String[] names(Sentence sentence) {
    String[] names = columns.stream().map(c -> PlainText.of(c.name())).toArray(String[]::new);
    for (int s = 0; s < sentence.slots().size() && sentence.begin() != null; s++) {
      String literal = sentence.literals().get(s);
      int before = s == 0 ? begin.length() : Sentence.SEPARATOR.length();
      names[sentence.slots().get(s)] = literal.substring(before, literal.length() - 1);
    }
    TemplateSpec.Style style = task.template().style();
    if (style == TemplateSpec.Style.PAPER || style == TemplateSpec.Style.STAGED) {
      names[target()] = ANONYMOUS_TARGET;
    }
    return names;
  }

  /** The number of columns: the features and the target. */
  public int count() {
    return columns.size();
  }

  /** The number of the target's column, which is the last. */
  public int target() {
    return columns.size() - 1;
  }

  public Column column(int column) {
    return columns.get(column);
  }

  /** Whether questions include a column: true for all but free text. */
  public boolean includes(int column) {
    return columns.get(column).type() != ColumnType.TEXT;
  }

  /**
   * The cells of a training row.
   *
   * @return by column; null where a value is missing, is free text or a word that the column does
   *     not have, and for all features if the prompt does not follow the task's sentence
   */
  public String[] cells(Example row) {
    String[] features = prompts.read(row.prompt());
    String[] cells = features == null ? new String[count()] : Arrays.copyOf(features, count());
    String end = TaskLanguage.END_OF_COMPLETION;
    String answer = row.completion();
    cells[target()] =
        answer.endsWith(end) ? answer.substring(0, answer.length() - end.length()) : answer;
    for (int c = 0; c < cells.length; c++) {
      cells[c] = has(c, cells[c]) ? cells[c] : null;
    }
    return cells;
  }

  private boolean has(int column, String cell) {
    return switch (columns.get(column).type()) {
      case CATEGORY -> words.get(column).containsKey(cell);
      case NUMBER -> !TaskLanguage.MISSING.equals(cell);
      case TEXT -> false;
    };
  }

  /** The cell of a value of a {@link io.lift.core.row.Row}. */
  public String cell(int column, Object value) {
    StringBuilder cell = new StringBuilder();
    slots[column].append(cell, value);
    return cell.toString();
  }

  /** The sentence of a question. */
  public Prompt prompt(ColumnQuestion question) {
    StringBuilder text = new StringBuilder();
    for (int column : order) {
      String cell = question.cells()[column];
      if (cell != null && column != question.column()) {
        text.append(text.length() == 0 ? begin : Sentence.SEPARATOR);
        text.append(names[column]).append('=').append(cell);
      }
    }
    text.append(text.length() == 0 ? "" : Sentence.SEPARATOR);
    text.append("What is ").append(names[question.column()]).append("? ");
    return new Prompt(text.append(TaskLanguage.END_OF_PROMPT).toString(), new int[0]);
  }

  /**
   * The cells that a column can have: its words, or the grid numbers from the smallest to the
   * largest number of the column. Empty if the column's numbers are decimal.
   */
  public List<String> candidates(int column) {
    if (slots[column] instanceof Slot.Grid slot) {
      NumberStats stats = columns.get(column).numbers();
      return IntStream.rangeClosed(slot.grid().encode(stats.min()), slot.grid().encode(stats.max()))
          .mapToObj(Integer::toString)
          .toList();
    }
    return List.copyOf(words.get(column).keySet());
  }

  /** The longest cells that a column can have, which bound the length of an answer. */
  public List<String> longest(int column) {
    if (slots[column] instanceof Slot.Decimal) {
      NumberStats stats = columns.get(column).numbers();
      return List.of(cell(column, stats.min()), cell(column, stats.max()));
    }
    return candidates(column);
  }

  /**
   * The value of an answer. A grid number represents an interval of numbers, cut to the column's
   * range. The result is one of them, rounded to the column's decimals.
   *
   * @param answer the text that a model has written
   * @param share position of the result in the interval, 0..1
   * @return a Double or a String; null if the answer is not a value of the column: an unknown word,
   *     not a number, or a number outside of the column's range
   */
  public Object value(int column, String answer, double share) {
    if (columns.get(column).type() == ColumnType.CATEGORY) {
      return words.get(column).get(answer);
    }
    NumberStats stats = columns.get(column).numbers();
    if (slots[column].end(answer, 0, "") != answer.length()
        || answer.equals(TaskLanguage.MISSING)) {
      return null;
    }
    double number = Double.parseDouble(answer);
    double lower = number;
    double upper = number;
    if (slots[column] instanceof Slot.Grid slot) {
      lower = slot.grid().edge((int) number);
      upper = slot.grid().edge((int) number + 1);
    } else if (slots[column] instanceof Slot.Decimal slot) {
      double rounding = Math.pow(10, -slot.decimals()) / 2;
      lower = number - rounding;
      upper = number + rounding;
    }
    double least = Math.max(lower, stats.min());
    double most = Math.min(upper, stats.max());
    if (least > most) {
      return null;
    }
    if (!(slots[column] instanceof Slot.Grid)) {
      return Math.max(stats.min(), Math.min(stats.max(), number));
    }
    double unit = Math.pow(10, stats.decimals());
    double rounded = Math.rint((least + share * (most - least)) * unit) / unit;
    return Math.max(stats.min(), Math.min(stats.max(), rounded)) + 0.0; // no negative zero
  }
}
