package io.lift.core.prompt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lift.core.answer.Answer;
import io.lift.core.row.Row;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.NumberStats;
import io.lift.core.task.PlainText;
import io.lift.core.task.Sentence;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The language interface of one task: it turns rows into prompts and completions, and a
 * distribution over candidate completions into an answer (Dinh et al., LIFT, NeurIPS 2022, section
 * 2). Immutable and thread-safe.
 *
 * <p>The task's {@link NumberFormat} decides how a number is written: as a cell of its {@link
 * NumberGrid}; with a fixed number of decimals, or as an integer if the column has only integers;
 * or with the decimals of its column. A category is written as its word, text as {@link PlainText},
 * and a missing value as {@code ?}. The completion is the label or, for regression, the grid number
 * of the target. {@code @@@} ends every completion.
 */
public final class TaskLanguage {
  /** Ends every prompt. */
  public static final String END_OF_PROMPT = "###";

  /** Ends every completion. */
  public static final String END_OF_COMPLETION = "@@@";

  /** Written in place of a missing value. */
  public static final String MISSING = "?";

  /** Version of the rules in this class. It distinguishes checkpoints of other rules. */
  private static final String RULES = "lift-language-1";

  /** The share of a column's range that a number may be beyond it without a mark. */
  private static final double MARGIN = 0.1;

  private static final Prompt NO_PROMPT = new Prompt("", new int[0]);

  private final TaskSpec task;
  private final String[] literals;
  private final Slot[] slots;
  private final int length; // of a typical prompt, in characters
  private final NumberAnswers numbers; // null for classification
  private final List<Seen> seen; // of the number columns
  private final Map<String, String> completions; // of the labels; empty for regression
  private final List<String> candidates;
  private final ColumnLanguage columns; // null unless the task learns to generate rows
  private final String hash;

  /**
   * @throws IllegalArgumentException if a free template does not fit the task's columns
   */
  public TaskLanguage(TaskSpec task) {
    this.task = task;
    Sentence sentence = Sentence.of(task);
    literals = sentence.literals().toArray(String[]::new);
    slots =
        sentence.slots().stream()
            .map(feature -> Slot.of(task.features().get(feature), task.numbers()))
            .toArray(Slot[]::new);
    length = sentence.literals().stream().mapToInt(String::length).sum() + 8 * slots.length;
    numbers = task.type() == TaskType.REGRESSION ? new NumberAnswers(task) : null;
    seen =
        task.features().stream()
            .filter(column -> column.numbers() != null)
            .map(column -> Seen.of(column.name(), column.numbers()))
            .toList();
    completions = new HashMap<>();
    task.labels().forEach(label -> completions.put(label, PlainText.of(label) + END_OF_COMPLETION));
    candidates =
        numbers == null
            ? task.labels().stream().map(PlainText::of).toList()
            : IntStream.range(0, NumberGrid.SIZE).mapToObj(Integer::toString).toList();
    columns = task.training().methodOrPlain().generates() ? new ColumnLanguage(task) : null;
    hash = hash(task);
  }

  /** The numbers of a column that are not marked, by comparing alone: rows are many. */
  private record Seen(String column, double least, double most) {
    private static Seen of(String column, NumberStats stats) {
      double margin = MARGIN * stats.range();
      return new Seen(
          column,
          Math.min(stats.min(), stats.at(stats.place(stats.min()) - margin)),
          Math.max(stats.max(), stats.at(stats.place(stats.max()) + margin)));
    }

    private boolean holds(double number) {
      return number >= least && number <= most;
    }
  }

  public TaskSpec task() {
    return task;
  }

  /** The prompt of a row, without context. */
  public Prompt prompt(Row row) {
    StringBuilder text = new StringBuilder(length);
    int[] grid = new int[2 * slots.length];
    int spans = 0;
    for (int i = 0; i < slots.length; i++) {
      text.append(literals[i]);
      int start = text.length();
      if (slots[i].append(text, row.values().get(slots[i].column()))) {
        grid[spans++] = start;
        grid[spans++] = text.length();
      }
    }
    text.append(literals[slots.length]);
    return new Prompt(text.toString(), Arrays.copyOf(grid, spans))
        .withPoint(numbers == null ? null : numbers.point(row));
  }

  /**
   * The columns in which a row is beyond what the task was made from: its number is more than a
   * tenth of the range below the smallest or above the largest that was seen.
   */
  public List<String> extrapolated(Row row) {
    List<String> beyond = List.of();
    for (Seen numbers : seen) {
      if (row.values().get(numbers.column()) instanceof Double number && !numbers.holds(number)) {
        beyond = beyond.isEmpty() ? new ArrayList<>() : beyond;
        beyond.add(numbers.column());
      }
    }
    return beyond;
  }

  /**
   * The prompt of a row of a synthetic task, which two-stage fine-tuning trains first. It begins
   * with the number of the task, as in the paper ({@code Given task 1, …}).
   *
   * @param number number of the synthetic task, from 1
   */
  public Prompt syntheticPrompt(int number, Row row) {
    Prompt own = prompt(row);
    String stage = Sentence.STAGE.formatted(number);
    String last = Sentence.STAGE.formatted(Sentence.LAST_STAGE);
    String rest = own.text().startsWith(last) ? own.text().substring(last.length()) : own.text();
    int moved = stage.length() + rest.length() - own.text().length();
    return new Prompt(
            stage + rest, Arrays.stream(own.grid()).map(offset -> offset + moved).toArray())
        .withPoint(own.point());
  }

  /**
   * The completion for a target value, with its end mark.
   *
   * @param prompt the row's prompt
   * @param target a label of the task (String), or a finite number for regression
   * @throws IllegalArgumentException if it is not a label of the task
   */
  public String completion(Prompt prompt, Object target) {
    if (numbers != null) {
      double number = ((Number) target).doubleValue();
      return numbers.cell(prompt.point(), number) + END_OF_COMPLETION;
    }
    String completion = completions.get(target);
    if (completion == null) {
      throw new IllegalArgumentException(target + " is not a label of task " + task.name());
    }
    return completion;
  }

  /** The completion of a row that has no linear part. */
  public String completion(Object target) {
    return completion(NO_PROMPT, target);
  }

  /** Every possible completion without its end mark: the labels, or the grid numbers 0..99. */
  public List<String> candidates() {
    return candidates;
  }

  /** The questions about single columns, if the task learns to generate rows; otherwise null. */
  public ColumnLanguage columns() {
    return columns;
  }

  /** The grid of a regression target; null for classification. */
  public NumberGrid targetGrid() {
    return numbers == null ? null : numbers.grid();
  }

  /**
   * The answer of a distribution over the {@link #candidates()}: the most probable label, or the
   * median over the grid, interpolated linearly inside a cell. If all targets are whole numbers,
   * the median is rounded, and the interval contains at least the numbers that round to it. The
   * linear part of the row is added, and beyond what was seen the interval widens. Nothing leaves
   * the {@link io.lift.core.task.TargetRange}.
   *
   * @param prompt the prompt
   * @param probabilities one per candidate, summing to 1
   * @throws IllegalArgumentException if their number differs from the candidates'
   */
  public Answer answer(Prompt prompt, double[] probabilities) {
    if (probabilities.length != candidates.size()) {
      throw new IllegalArgumentException(
          probabilities.length + " probabilities for " + candidates.size() + " candidates");
    }
    return numbers == null
        ? labelAnswer(probabilities)
        : numbers.answer(prompt.point(), probabilities);
  }

  /** The answer to a prompt that has no linear part. */
  public Answer answer(double[] probabilities) {
    return answer(NO_PROMPT, probabilities);
  }

  private Answer labelAnswer(double[] probabilities) {
    Map<String, Double> byLabel = new LinkedHashMap<>();
    int best = 0;
    for (int i = 0; i < probabilities.length; i++) {
      byLabel.put(task.labels().get(i), probabilities[i]);
      best = probabilities[i] > probabilities[best] ? i : best;
    }
    return Answer.ofLabels(task.labels().get(best), byLabel);
  }

  /**
   * The SHA-256, in hex, of everything that shapes prompts and answers: the type, the columns with
   * their frozen categories and statistics, the template, the number format, and whether the task
   * learns to generate rows. Tasks with the same hash have the same prompts and answers. Name,
   * version, sources and the rest of the training policy are not part of it.
   */
  public String hash() {
    return hash;
  }

  private static String hash(TaskSpec task) {
    List<Object> language =
        new ArrayList<>(
            List.of(
                RULES,
                task.type(),
                task.features(),
                task.target(),
                task.template(),
                task.numbers()));
    if (task.extrapolation() != null && task.type() == TaskType.REGRESSION) {
      language.add(task.extrapolation());
    }
    if (task.training().methodOrPlain().generates()) {
      language.add(ColumnLanguage.RULES);
    }
    if (!task.labelTexts().isEmpty()) {
      language.add(new TreeMap<>(task.labelTexts()));
    }
    try {
      byte[] json = new JsonMapper().writeValueAsBytes(language);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(json));
    } catch (JsonProcessingException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // records of plain values; every JDK has SHA-256
    }
  }
}
