package io.lift.core.table;

import io.lift.core.row.FlatJson;
import io.lift.core.row.RowRejectedException;
import io.lift.core.task.Column;
import io.lift.core.task.ColumnType;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskSpecs;
import io.lift.core.task.TaskType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes a task out of rows: add some, then {@link #infer}. Memory is bounded however many there
 * are.
 *
 * <ul>
 *   <li>A column of numbers is a number column, integer codes included; digits with leading zeros
 *       are words.
 *   <li>A column of words and booleans is a category column if there are at most 20 different ones,
 *       or the square root of the rows up to 200; otherwise it is text.
 *   <li>Categories and labels are sorted, numerically where all are numbers.
 *   <li>Without a given type, a target of words, or of few integers (see {@link
 *       ColumnProfile#codes}), makes a classification, any other a regression.
 * </ul>
 */
public final class TaskInference {
  private static final int FEW_WORDS = 20;
  private static final int MOST_WORDS = 200;
  private static final double NEARLY_NUMERIC = 0.5;

  /** Distinct values kept over all columns, so that wide tables stay in memory too. */
  private static final int MOST_DISTINCT = 500_000;

  private final Map<String, ColumnProfile> columns = new LinkedHashMap<>();
  private final ColumnProfile.Budget budget = new ColumnProfile.Budget(MOST_DISTINCT);
  private long rows;

  /**
   * A task and what its owner should know about it.
   *
   * @param task version 1, with the paper's sentence and the standardised grid
   * @param remarks one sentence each: columns that are empty, constant or nearly numbers, and
   *     features that look like numbers, times or names of the rows
   * @param ofRows these features
   */
  public record Inferred(TaskSpec task, List<String> remarks, List<String> ofRows) {}

  /** Adds a row of a table; blank values are missing. */
  public void add(Map<String, String> row) {
    rows++;
    row.forEach(
        (name, value) ->
            columns.computeIfAbsent(name, any -> new ColumnProfile(any, budget)).add(value));
  }

  /**
   * Adds a row as it comes from Kafka; null, objects and arrays are missing.
   *
   * @throws RowRejectedException if the bytes are not one JSON object
   */
  public void add(byte[] json) throws RowRejectedException {
    add(FlatJson.scalars(json));
  }

  /** Rows added. */
  public long rows() {
    return rows;
  }

  /**
   * The task of the rows so far.
   *
   * @param name the task's name
   * @param target the column to predict; null for the last one
   * @param type null to judge by the target
   * @throws IllegalArgumentException with one sentence, if no valid task comes out
   */
  public Inferred infer(String name, String target, TaskType type) {
    return infer(name, target, type, Map.of(), List.of());
  }

  /**
   * The task of the rows so far, corrected by somebody who knows better.
   *
   * @param name the task's name
   * @param target the column to predict; null for the last one
   * @param type null to judge by the target
   * @param types features that are to be read as something else than inferred
   * @param leftOut columns that are no features
   * @throws IllegalArgumentException with one sentence, if no valid task comes out
   */
  public Inferred infer(
      String name,
      String target,
      TaskType type,
      Map<String, ColumnType> types,
      Collection<String> leftOut) {
    if (rows == 0 || columns.isEmpty()) {
      throw new IllegalArgumentException("there are no rows to infer a task from");
    }
    List<String> names = List.copyOf(columns.keySet());
    String targetName = target == null ? names.get(names.size() - 1) : target;
    Set<String> named = new LinkedHashSet<>(leftOut);
    named.add(targetName);
    for (String column : named) {
      if (!columns.containsKey(column)) {
        throw new IllegalArgumentException(
            "there is no column '" + column + "'; the columns are " + String.join(", ", names));
      }
    }
    ColumnProfile truth = columns.get(targetName);
    if (truth.empty()) {
      throw new IllegalArgumentException("the target '" + targetName + "' has no values");
    }
    TaskType inferred = type;
    if (type == null) {
      boolean quantity = truth.numeric() && !truth.codes();
      inferred = quantity ? TaskType.REGRESSION : TaskType.CLASSIFICATION;
    }
    List<Column> features = new ArrayList<>();
    List<String> remarks = new ArrayList<>();
    List<String> ofRows = new ArrayList<>();
    for (ColumnProfile column : columns.values()) {
      boolean feature = column != truth && !leftOut.contains(column.name());
      if (feature || column == truth) {
        remark(column, remarks);
      }
      if (feature) {
        if (column.rising() || column.naming()) {
          remarks.add(remarkOnRow(column));
          ofRows.add(column.name());
        }
        features.add(feature(column, types.get(column.name())));
      }
    }
    Column answer = inferred == TaskType.CLASSIFICATION ? labels(truth) : quantity(truth);
    TaskSpec task = new TaskSpec(name, 1, inferred, features, answer, null, null, null, null, null);
    return new Inferred(TaskSpecs.validate(task), List.copyOf(remarks), List.copyOf(ofRows));
  }

  private Column feature(ColumnProfile column, ColumnType wanted) {
    ColumnType type = wanted == null ? inferred(column) : wanted;
    if (!possible(column).contains(type)) {
      throw new IllegalArgumentException(
          type == ColumnType.NUMBER
              ? "column '%s' cannot be read as numbers%s"
                  .formatted(
                      column.name(),
                      column.empty() ? "" : ": '" + column.exampleWord() + "' is none")
              : "column '%s' has no values, or too many different ones, for a category"
                  .formatted(column.name()));
    }
    return switch (type) {
      case NUMBER -> Column.number(column.name(), column.stats());
      case CATEGORY -> Column.category(column.name(), column.categories());
      case TEXT -> Column.text(column.name());
    };
  }

  private ColumnType inferred(ColumnProfile column) {
    if (isQuantity(column)) {
      return ColumnType.NUMBER;
    }
    int few = Math.max(FEW_WORDS, (int) Math.min(MOST_WORDS, Math.sqrt(rows)));
    return !column.empty() && column.fewWords(few) ? ColumnType.CATEGORY : ColumnType.TEXT;
  }

  private static Set<ColumnType> possible(ColumnProfile column) {
    Set<ColumnType> possible = EnumSet.of(ColumnType.TEXT);
    if (column.numeric()) {
      possible.add(ColumnType.NUMBER);
    }
    if (!column.empty() && column.fewWords(TaskSpecs.MAX_CATEGORIES)) {
      possible.add(ColumnType.CATEGORY);
    }
    return possible;
  }

  /** What is known of each column, in order. */
  public List<ColumnSummary> summaries() {
    return columns.values().stream()
        .map(
            column ->
                new ColumnSummary(
                    column.name(),
                    inferred(column),
                    possible(column),
                    column.present(),
                    rows - column.present(),
                    column.distinct(),
                    column.numeric() ? column.stats() : null,
                    column.distinct() == null ? List.of() : column.categories()))
        .toList();
  }

  /**
   * Whether a feature is read as numbers. Integer codes are too: as words they lose their order,
   * which cost more than it gave (RAE on the student table 0.42 as words, 0.31 as numbers).
   */
  private static boolean isQuantity(ColumnProfile feature) {
    return feature.numeric();
  }

  private static Column labels(ColumnProfile target) {
    if (!target.fewWords(TaskSpecs.MAX_CATEGORIES)) {
      throw new IllegalArgumentException(
          "the target '"
              + target.name()
              + "' has more than "
              + TaskSpecs.MAX_CATEGORIES
              + " different values, too many for labels");
    }
    return Column.category(target.name(), target.categories());
  }

  private static Column quantity(ColumnProfile target) {
    if (!target.numeric()) {
      throw new IllegalArgumentException(
          "the target '"
              + target.name()
              + "' of a regression must be numbers, '"
              + target.exampleWord()
              + "' is none");
    }
    return Column.number(target.name(), target.stats());
  }

  /** What is of the row itself has another value in every row to come. */
  private static String remarkOnRow(ColumnProfile column) {
    return "column '"
        + column.name()
        + (column.rising()
            ? "' rises from row to row, like a row's number or time: later rows lie beyond all that"
                + " was learnt, so leave it out unless it tells more"
            : "' has another word in every row, like a row's name: it tells nothing of later rows,"
                + " so leave it out");
  }

  private static void remark(ColumnProfile column, List<String> remarks) {
    String named = "column '" + column.name() + "' ";
    if (column.empty()) {
      remarks.add(named + "has no values");
    } else if (column.constant()) {
      remarks.add(named + "has the same value in every row");
    } else if (!column.numeric() && column.numericShare() > NEARLY_NUMERIC) {
      remarks.add(
          named
              + "is not read as numbers because of values such as '"
              + column.exampleWord()
              + "'; leave a field empty where a value is missing");
    }
    if (column.notFinite() > 0) {
      remarks.add(
          named
              + "has "
              + column.notFinite()
              + " values that are not finite; such rows will be"
              + " refused");
    }
  }
}
