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
 * How questions about single columns of a task are put into words, and how their answers become
 * values again: {@code When we have x1=57, x3=red, y=good, What is x2? ###}. Asked one after the
 * other, in any order, each with the answers so far, they sample a whole row (the chain rule).
 *
 * <p>A value is written as in the task's sentence, the target of a regression as its grid number.
 * Columns are counted as the features, the target after the last of them. Free text is neither
 * known nor asked. Immutable and thread-safe.
 */
public final class ColumnLanguage {
  /** Changes with the rules of this class. */
  static final String RULES = "columns-1";

  private static final String BEGIN = "When we have ";
  private static final String ANONYMOUS_TARGET = "y";

  private final TaskSpec task;
  private final List<Column> columns; // the target last
  private final PromptCells prompts;
  private final Slot[] slots;
  private final List<Map<String, String>> words; // of categories, by how they are written
  private final String begin;
  private final String[] names;
  private final int[] order; // of the columns in a sentence

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

  /** By column, as the sentence calls them. */
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

  /** Features and the target. */
  public int count() {
    return columns.size();
  }

  /** Which column the target is: the last. */
  public int target() {
    return columns.size() - 1;
  }

  public Column column(int column) {
    return columns.get(column);
  }

  /** Whether a column can be known and asked: all but free text. */
  public boolean asks(int column) {
    return columns.get(column).type() != ColumnType.TEXT;
  }

  /**
   * The cells of a row that is learnt.
   *
   * @return by column; null where a value is missing or is text, and for all features if the
   *     sentence of the task cannot be found in the prompt
   */
  public String[] cells(Example row) {
    String[] features = prompts.read(row.prompt());
    String[] cells = features == null ? new String[count()] : Arrays.copyOf(features, count());
    String end = TaskLanguage.END_OF_COMPLETION;
    String answer = row.completion();
    cells[target()] =
        answer.endsWith(end) ? answer.substring(0, answer.length() - end.length()) : answer;
    for (int c = 0; c < cells.length; c++) {
      boolean missing =
          TaskLanguage.MISSING.equals(cells[c]) && !words.get(c).containsKey(cells[c]);
      cells[c] = missing || !asks(c) ? null : cells[c];
    }
    return cells;
  }

  /** The cell of a value, as {@link io.lift.core.row.Row} has them. */
  public String cell(int column, Object value) {
    StringBuilder cell = new StringBuilder();
    slots[column].append(cell, value);
    return cell.toString();
  }

  /** The question as a sentence. */
  public Prompt prompt(ColumnQuestion question) {
    StringBuilder text = new StringBuilder();
    for (int column : order) {
      String cell = question.cells()[column];
      if (cell != null && column != question.asked()) {
        text.append(text.length() == 0 ? begin : Sentence.SEPARATOR);
        text.append(names[column]).append('=').append(cell);
      }
    }
    text.append(text.length() == 0 ? "" : Sentence.SEPARATOR);
    text.append("What is ").append(names[question.asked()]).append("? ");
    return new Prompt(text.append(TaskLanguage.END_OF_PROMPT).toString(), new int[0]);
  }

  /**
   * The cells that a column can have: its words, or the places of the grid between the smallest and
   * the largest number seen. Empty where numbers are written in digits.
   */
  public List<String> candidates(int column) {
    if (slots[column] instanceof Slot.Grid slot) {
      NumberStats seen = columns.get(column).numbers();
      return IntStream.rangeClosed(slot.grid().encode(seen.min()), slot.grid().encode(seen.max()))
          .mapToObj(Integer::toString)
          .toList();
    }
    return List.copyOf(words.get(column).keySet());
  }

  /** The longest cells that a column can have: what a model must have room to answer. */
  public List<String> longest(int column) {
    if (slots[column] instanceof Slot.Decimal) {
      NumberStats seen = columns.get(column).numbers();
      return List.of(cell(column, seen.min()), cell(column, seen.max()));
    }
    return candidates(column);
  }

  /**
   * The value that an answer stands for. A place on a grid stands for all numbers of its cell that
   * lie within the range seen; the result has the decimals that the column was seen with.
   *
   * @param answer as a model has written it
   * @param share which of these numbers, from 0 to 1
   * @return a Double or a String; null if the answer is no value of the column: a word it does not
   *     have, no number, or one outside of the range seen
   */
  public Object value(int column, String answer, double share) {
    if (columns.get(column).type() == ColumnType.CATEGORY) {
      return words.get(column).get(answer);
    }
    NumberStats seen = columns.get(column).numbers();
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
    double least = Math.max(lower, seen.min());
    double most = Math.min(upper, seen.max());
    if (least > most) {
      return null;
    }
    if (!(slots[column] instanceof Slot.Grid)) {
      return Math.max(seen.min(), Math.min(seen.max(), number));
    }
    double unit = Math.pow(10, seen.decimals());
    double rounded = Math.rint((least + share * (most - least)) * unit) / unit;
    return Math.max(seen.min(), Math.min(seen.max(), rounded)) + 0.0; // no negative zero
  }
}
