package io.lift.core.table;

import io.lift.core.row.FlatJson;
import io.lift.core.row.RowRejectedException;
import io.lift.core.task.Column;
import io.lift.core.task.ColumnType;
import io.lift.core.task.Extrapolation;
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
 * Infers a task from the rows of a table, in bounded memory. Rows are added first, then {@link
 * #infer} makes the task.
 *
 * <ul>
 *   <li>A column of numbers is a number column, also if the numbers are integer codes. Digits with
 *       leading zeros are words.
 *   <li>A column of words and booleans is a category column if it has few distinct values: at most
 *       20, or at most the square root of the number of rows up to 200. Otherwise it is a text
 *       column.
 *   <li>Categories and labels are sorted, numerically if all are numbers.
 *   <li>If no type is given, a target of words or of few integers ({@link ColumnProfile#codes})
 *       makes a classification, and any other target a regression.
 * </ul>
 */
public final class TaskInference {
  private static final int FEW_WORDS = 20;
  private static final int MAX_WORDS = 200;
  private static final double NEARLY_NUMERIC = 0.5;

  /** Most distinct values kept over all columns, which bounds the memory of wide tables. */
  private static final int MAX_DISTINCT = 500_000;

  private final Map<String, ColumnProfile> columns = new LinkedHashMap<>();
  private final ColumnProfile.Budget budget = new ColumnProfile.Budget(MAX_DISTINCT);
  private final ExtrapolationInference extrapolation = new ExtrapolationInference();
  private long rows;

  /**
   * An inferred task with remarks about its columns.
   *
   * @param task version 1, with the paper's sentence and the number grid
   * @param remarks one sentence each, about columns that are empty, constant or nearly numeric, and
   *     about features that look like row numbers, timestamps or identifiers
   * @param identifiers the features that look like row numbers, timestamps or identifiers
   */
  public record Inferred(TaskSpec task, List<String> remarks, List<String> identifiers) {}

  /** Adds a row of a table. Blank values are missing. */
  public void add(Map<String, String> row) {
    rows++;
    extrapolation.add(row);
    row.forEach(
        (name, value) ->
            columns.computeIfAbsent(name, any -> new ColumnProfile(any, budget)).add(value));
  }

  /**
   * Adds a row in JSON. Null, objects and arrays are missing values.
   *
   * @throws RowRejectedException if the bytes are not one JSON object
   */
  public void add(byte[] json) throws RowRejectedException {
    add(FlatJson.scalars(json));
  }

  /** The number of rows. */
  public long rows() {
    return rows;
  }

  /**
   * The task of the rows so far.
   *
   * @param name name of the task
   * @param target the column to predict; null for the last column
   * @param type type of the task; null to infer it from the target
   * @throws IllegalArgumentException with one sentence, if the rows make no valid task
   */
  public Inferred infer(String name, String target, TaskType type) {
    return infer(name, target, type, Map.of(), List.of());
  }

  /**
   * The task of the rows so far, with corrections by the user.
   *
   * @param name name of the task
   * @param target the column to predict; null for the last column
   * @param type type of the task; null to infer it from the target
   * @param types types of features that differ from the inferred ones
   * @param leftOut columns that are not features
   * @throws IllegalArgumentException with one sentence, if the rows make no valid task
   */
  public Inferred infer(
      String name,
      String target,
      TaskType type,
      Map<String, ColumnType> types,
      Collection<String> leftOut) {
    if (rows == 0 || columns.isEmpty()) {
      throw new IllegalArgumentException("There are no rows to infer a task from.");
    }
    List<String> names = List.copyOf(columns.keySet());
    String targetName = target == null ? names.get(names.size() - 1) : target;
    Set<String> named = new LinkedHashSet<>(leftOut);
    named.add(targetName);
    for (String column : named) {
      if (!columns.containsKey(column)) {
        throw new IllegalArgumentException(
            "There is no column '"
                + column
                + "'; the columns are "
                + String.join(", ", names)
                + ".");
      }
    }
    ColumnProfile truth = columns.get(targetName);
    if (truth.empty()) {
      throw new IllegalArgumentException("The target '" + targetName + "' has no values.");
    }
    TaskType inferred = type;
    if (type == null) {
      boolean quantity = truth.numeric() && !truth.codes();
      inferred = quantity ? TaskType.REGRESSION : TaskType.CLASSIFICATION;
    }
    List<Column> features = new ArrayList<>();
    List<String> remarks = new ArrayList<>();
    List<String> identifiers = new ArrayList<>();
    for (ColumnProfile column : columns.values()) {
      boolean feature = column != truth && !leftOut.contains(column.name());
      if (feature || column == truth) {
        remark(column, remarks);
      }
      if (feature) {
        if (column.rising() || column.identifying()) {
          remarks.add(identifierRemark(column));
          identifiers.add(column.name());
        }
        features.add(feature(column, types.get(column.name())));
      }
    }
    Column answer = inferred == TaskType.CLASSIFICATION ? labels(truth) : quantity(truth);
    TaskSpec task = new TaskSpec(name, 1, inferred, features, answer, null, null, null, null, null);
    task = task.toBuilder().extrapolation(extrapolation.infer(task)).build();
    if (task.trend() != null) {
      follow(task.trend(), remarks, identifiers);
    }
    return new Inferred(TaskSpecs.validate(task), List.copyOf(remarks), List.copyOf(identifiers));
  }

  /** A column that the target follows is no row number. */
  private void follow(Extrapolation trend, List<String> remarks, List<String> identifiers) {
    for (Extrapolation.Term term : trend.terms()) {
      if (term.slope() != 0) {
        remarks.remove(identifierRemark(columns.get(term.column())));
        identifiers.remove(term.column());
        remarks.add(
            "Column '"
                + term.column()
                + "' goes on from row to row and the target with it; answers follow this trend"
                + " beyond these rows.");
      }
    }
  }

  private Column feature(ColumnProfile column, ColumnType given) {
    ColumnType type = given == null ? inferred(column) : given;
    if (!possible(column).contains(type)) {
      throw new IllegalArgumentException(
          type == ColumnType.NUMBER
              ? "Column '%s' cannot be read as numbers%s."
                  .formatted(
                      column.name(),
                      column.empty() ? "" : ", because '" + column.exampleWord() + "' is not one")
              : "Column '%s' has no values, or too many different ones, for a category."
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
    int few = Math.max(FEW_WORDS, (int) Math.min(MAX_WORDS, Math.sqrt(rows)));
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

  /** A summary of each column, in order. */
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
   * Whether a feature is a number column. Integer codes are numbers too: as words they lose their
   * order, which is worse (RAE on the student table 0.42 as words, 0.31 as numbers).
   */
  private static boolean isQuantity(ColumnProfile feature) {
    return feature.numeric();
  }

  private static Column labels(ColumnProfile target) {
    if (!target.fewWords(TaskSpecs.MAX_CATEGORIES)) {
      throw new IllegalArgumentException(
          "The target '"
              + target.name()
              + "' has more than "
              + TaskSpecs.MAX_CATEGORIES
              + " different values, which is too many for labels.");
    }
    return Column.category(target.name(), target.categories());
  }

  private static Column quantity(ColumnProfile target) {
    if (!target.numeric()) {
      throw new IllegalArgumentException(
          "The target '"
              + target.name()
              + "' of a regression must be numbers, and '"
              + target.exampleWord()
              + "' is not one.");
    }
    return Column.number(target.name(), target.stats());
  }

  /** A remark on a feature that identifies the row and has a new value in every later row. */
  private static String identifierRemark(ColumnProfile column) {
    return "Column '"
        + column.name()
        + (column.rising()
            ? "' increases from row to row, like a row number or a timestamp; leave it out unless"
                + " it has meaning for later rows."
            : "' has a different word in every row, like an identifier; leave it out, because it"
                + " has no meaning for later rows.");
  }

  private static void remark(ColumnProfile column, List<String> remarks) {
    String named = "Column '" + column.name() + "' ";
    if (column.empty()) {
      remarks.add(named + "has no values.");
    } else if (column.constant()) {
      remarks.add(named + "has the same value in every row.");
    } else if (!column.numeric() && column.numericShare() > NEARLY_NUMERIC) {
      remarks.add(
          named
              + "is not read as numbers because of values such as '"
              + column.exampleWord()
              + "'; leave a field empty if its value is missing.");
    }
    if (column.notFinite() > 0) {
      remarks.add(
          named
              + "has "
              + column.notFinite()
              + " values that are not finite; such rows will be"
              + " rejected.");
    }
  }
}
