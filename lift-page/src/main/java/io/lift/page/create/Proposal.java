package io.lift.page.create;

import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.RowParser;
import io.lift.core.row.RowRejectedException;
import io.lift.core.table.ColumnSummary;
import io.lift.core.table.CsvTable;
import io.lift.core.table.FieldType;
import io.lift.core.table.JsonRows;
import io.lift.core.table.TaskInference;
import io.lift.core.task.NumberStats;
import io.lift.core.task.Source;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskSpecs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Rows from which a task is to be created, and the choices made so far. Holds statistics of the
 * rows, not the rows. Thread-safe.
 */
public final class Proposal {
  private static final int PREVIEW_ROWS = 5;
  private static final int EXAMPLES = 3;
  private static final int SHOWN_CATEGORIES = 20;
  private static final int SHOWN_LABELS = 50;
  private static final int LONGEST_CELL = 200;

  private final String id;
  private final String source;
  private final Path file; // null if the rows are on a topic
  private final long expiresAt;
  private final TaskInference inference = new TaskInference();
  private final List<Map<String, String>> first = new ArrayList<>();
  private List<String> remarks = List.of(); // about the file
  private Choices choices;

  /**
   * @param source name of the file or the topic
   * @param file where the table is; null if the rows are on a topic
   * @param expiresAt epoch milliseconds
   */
  Proposal(String id, String source, Path file, long expiresAt) {
    this.id = id;
    this.source = source;
    this.file = file;
    this.expiresAt = expiresAt;
    this.choices = new Choices(taskName(source), null, null, null, null, null, null);
  }

  /** A valid task name from the name of the file or topic. */
  private static String taskName(String source) {
    String stem = source.replaceFirst("\\.[A-Za-z]{1,5}$", "").replaceAll("[^A-Za-z0-9._-]+", "-");
    String cut = stem.length() > 100 ? stem.substring(0, 100) : stem;
    return cut.replaceAll("^[-.]+|[-.]+$", "").isEmpty()
        ? "table"
        : cut.replaceAll("^[-.]+|[-.]+$", "");
  }

  /**
   * Counts all rows of the table.
   *
   * @throws io.lift.core.table.InvalidCsvException if it is not a table
   */
  void readTable() throws IOException {
    try (CsvTable table = CsvTable.open(source, file, null)) {
      remarks = table.remarks();
      for (Map<String, String> row : table) {
        add(row);
      }
    }
  }

  void add(Map<String, String> row) {
    inference.add(row);
    if (first.size() < PREVIEW_ROWS) {
      first.add(row);
    }
  }

  String id() {
    return id;
  }

  public Path file() {
    return file;
  }

  public String source() {
    return source;
  }

  public long rows() {
    return inference.rows();
  }

  boolean expired(long now) {
    return now > expiresAt;
  }

  /** Applies choices; fields that are null keep the inferred value. */
  public synchronized void choose(Choices corrected) {
    choices =
        new Choices(
            Objects.requireNonNullElse(corrected.name(), choices.name()),
            corrected.target() == null ? choices.target() : corrected.target(),
            corrected.type(),
            corrected.columns(),
            corrected.template(),
            corrected.numbers(),
            corrected.labelTexts());
  }

  /**
   * The chosen task.
   *
   * @throws IllegalArgumentException with one sentence, if it is not a table
   */
  public synchronized TaskSpec task() {
    return inferred().task();
  }

  private TaskInference.Inferred inferred() {
    TaskInference.Inferred inferred =
        inference.infer(choices.name(), choices.target(), choices.type(), choices.types());
    TaskSpec.Builder task = inferred.task().toBuilder();
    if (choices.template() != null) {
      task.template(choices.template());
    }
    if (choices.numbers() != null) {
      task.numbers(choices.numbers());
    }
    task.labelTexts(choices.textsOf(comparedLabels(inferred.task())));
    if (file == null) {
      task.sources(Source.read(List.of(source), System.currentTimeMillis()));
    }
    return new TaskInference.Inferred(
        TaskSpecs.validate(task.build()), inferred.remarks(), inferred.identifiers());
  }

  /** The labels that texts of a row are compared with. */
  private static List<String> comparedLabels(TaskSpec task) {
    return task.textColumns().isEmpty() ? List.of() : task.labels();
  }

  /** The same, if there are some and not too many to be filled in; otherwise null. */
  private static List<String> labels(TaskSpec task) {
    List<String> labels = comparedLabels(task);
    return labels.isEmpty() || labels.size() > SHOWN_LABELS ? null : labels;
  }

  /** The proposal as the page shows it. */
  public synchronized ProposalView view() {
    List<ColumnSummary> summaries = inference.summaries();
    TaskInference.Inferred inferred = null;
    String problem = null;
    try {
      inferred = inferred();
    } catch (IllegalArgumentException e) {
      problem = sentence(e.getMessage());
    }
    TaskSpec task = inferred == null ? null : inferred.task();
    String example = null;
    String completion = null;
    if (task != null) {
      try {
        RowParser parser = new RowParser(task);
        var row = parser.parse(new JsonRows(task).write(first.get(0)));
        TaskLanguage language = new TaskLanguage(task);
        Prompt prompt = language.prompt(row);
        example = prompt.text();
        completion = row.target() == null ? null : language.completion(prompt, row.target());
      } catch (RowRejectedException e) {
        problem = "The first row would be rejected. " + e.getMessage();
      }
    }
    return new ProposalView(
        id,
        source,
        file == null ? "topic" : "csv",
        inference.rows(),
        expiresAt,
        summaries.stream().map(this::column).toList(),
        first.stream()
            .map(row -> summaries.stream().map(column -> cell(row, column)).toList())
            .toList(),
        remarks(inferred),
        task == null ? null : labels(task),
        task == null ? choices : shown(task),
        example,
        completion,
        problem);
  }

  private List<String> remarks(TaskInference.Inferred inferred) {
    List<String> all = new ArrayList<>(remarks);
    if (inferred != null) {
      all.addAll(inferred.remarks());
    }
    return all;
  }

  /** The task that would be created, as complete choices. */
  private Choices shown(TaskSpec task) {
    Map<String, FieldType> columns = new TreeMap<>();
    inference.summaries().forEach(column -> columns.put(column.name(), column.type()));
    columns.putAll(choices.types());
    columns.remove(task.target().name());
    return new Choices(
        task.name(),
        task.target().name(),
        task.type(),
        columns,
        task.template(),
        task.numbers(),
        task.labelTexts());
  }

  private ProposalView.ColumnView column(ColumnSummary column) {
    Set<String> examples = new LinkedHashSet<>();
    for (Map<String, String> row : first) {
      String value = row.get(column.name());
      if (value != null && !value.isBlank() && examples.size() < EXAMPLES) {
        examples.add(cell(row, column));
      }
    }
    NumberStats numbers = column.numbers();
    boolean words = column.type() == FieldType.CATEGORY;
    return new ProposalView.ColumnView(
        column.name(),
        column.type(),
        column.possible(),
        column.present(),
        column.missing(),
        column.distinct(),
        numbers == null ? null : numbers.min(),
        numbers == null ? null : numbers.max(),
        numbers == null ? null : numbers.mean(),
        words
            ? column.values().subList(0, Math.min(SHOWN_CATEGORIES, column.values().size()))
            : null,
        List.copyOf(examples));
  }

  private static String cell(Map<String, String> row, ColumnSummary column) {
    String value = row.get(column.name());
    return value == null || value.length() <= LONGEST_CELL
        ? value
        : value.substring(0, LONGEST_CELL) + "…";
  }

  /** A message as a sentence; one with a full stop is a sentence already. */
  public static String sentence(String message) {
    return message.isEmpty() || message.endsWith(".") || message.endsWith("?")
        ? message
        : Character.toUpperCase(message.charAt(0)) + message.substring(1) + ".";
  }
}
