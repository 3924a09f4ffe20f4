package io.lift.core.table;

import io.lift.core.row.FlatJson;
import io.lift.core.row.RowRejectedException;
import io.lift.core.task.Column;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskSpecs;
import io.lift.core.task.TaskType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Infers a task from the rows of a table, in bounded memory. Rows are added first, then {@link
 * #infer} makes the task.
 *
 * <ul>
 *   <li>A column of numbers is a number column, also if the numbers are integer codes, or have a
 *       decimal comma, thousands separators or one unit. Digits with leading zeros are words. Words
 *       such as {@code NA} are missing values among numbers and dates.
 *   <li>A column of dates, or of whole numbers that are likely seconds, milliseconds, microseconds
 *       or nanoseconds since 1970, becomes columns of the dates' parts.
 *   <li>A column of words and booleans is a category column if it has few distinct values: at most
 *       20, or at most the square root of the number of rows up to 200. Otherwise it is a text
 *       column.
 *   <li>A column without a name is left out if it has no values or numbers the rows.
 *   <li>Categories and labels are sorted, numerically if all are numbers.
 *   <li>If no type is given, a target of words or of few integers ({@link ColumnProfile#codes})
 *       makes a classification, and any other target a regression.
 * </ul>
 */
public final class TaskInference {
  private static final int FEW_WORDS = 20;
  private static final int MAX_WORDS = 200;

  /** Most distinct values kept over all columns, which bounds the memory of wide tables. */
  private static final int MAX_DISTINCT = 500_000;

  private final Map<String, ColumnProfile> columns = new LinkedHashMap<>();
  private final ColumnProfile.Budget budget = new ColumnProfile.Budget(MAX_DISTINCT);
  private final ExtrapolationInference extrapolation = new ExtrapolationInference();
  private final DeclaredFields declared = new DeclaredFields();
  private long rows;

  /**
   * An inferred task with remarks about its columns.
   *
   * @param task version 1, with the paper's sentence and the number grid
   * @param remarks one sentence or two each: how columns are read where that is not plain, which
   *     are empty, constant or nearly numeric, and what the target is taken for
   * @param identifiers the features that look like row numbers or identifiers
   */
  public record Inferred(TaskSpec task, List<String> remarks, List<String> identifiers) {}

  /** The labels that occur among values, as a task of them would have them. */
  public static List<String> labels(Collection<String> values) {
    ColumnProfile profile =
        new ColumnProfile("", new ColumnProfile.Budget(TaskSpecs.MAX_CATEGORIES + 1));
    values.forEach(profile::add);
    return profile.categories();
  }

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

  /**
   * Says what the schema of some rows declares about their fields. Its types go before those that
   * follow from the values. Of several schemas with the same field, the last one counts.
   */
  public void declare(Map<String, DeclaredField> fields) {
    declared.add(fields);
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
    return infer(name, target, type, Map.of());
  }

  /**
   * The task of the rows so far, with corrections by the user.
   *
   * @param name name of the task
   * @param target the column to predict; null for the last column
   * @param type type of the task; null to infer it from the target
   * @param types types of features that differ from the inferred ones
   * @throws IllegalArgumentException with one sentence, if the rows make no valid task
   */
  public Inferred infer(String name, String target, TaskType type, Map<String, FieldType> types) {
    if (rows == 0 || columns.isEmpty()) {
      throw new IllegalArgumentException("There are no rows to infer a task from.");
    }
    agreeOnCommas();
    String targetName = target == null ? last() : target;
    List<String> named = new ArrayList<>(types.keySet());
    named.add(targetName);
    named.forEach(this::requireColumn);
    ColumnProfile truth = columns.get(targetName);
    boolean words = declared.type(truth, Set.of(FieldType.CATEGORY)) != null;
    FieldType given = words ? FieldType.CATEGORY : null;
    TaskType inferred = TargetColumns.type(truth, type, types.getOrDefault(targetName, given));
    Map<ColumnProfile, FieldType> used = new LinkedHashMap<>();
    for (ColumnProfile column : columns.values()) {
      used.put(column, types.containsKey(column.name()) ? types.get(column.name()) : read(column));
    }
    used.remove(truth);
    List<Column> features = new ArrayList<>();
    used.forEach(
        (column, fieldType) -> {
          if (fieldType != FieldType.LEAVE_OUT) {
            features.addAll(feature(column, fieldType));
          }
        });
    requireFew(features);
    Column answer = TargetColumns.column(truth, inferred, rows);
    answer = declared.complete(answer, truth);
    TaskSpec task = new TaskSpec(name, 1, inferred, features, answer, null, null, null, null, null);
    task = task.toBuilder().extrapolation(extrapolation.infer(task)).build();
    TableRemarks remarks = new TableRemarks();
    Set<String> followed = followed(task);
    for (ColumnProfile column : columns.values()) {
      if (column == truth) {
        boolean number = inferred == TaskType.REGRESSION;
        remarks.column(column, number ? FieldType.NUMBER : FieldType.CATEGORY);
      } else if (used.get(column) != FieldType.LEAVE_OUT) {
        remarks.feature(column, used.get(column), followed.contains(column.name()));
      } else if (!types.containsKey(column.name())) {
        remarks.leftOut(column);
      }
    }
    remarks.target(truth, inferred, type == null && !types.containsKey(targetName));
    return new Inferred(TaskSpecs.validate(task), remarks.remarks(), remarks.identifiers());
  }

  /** The fields whose trend the answers follow. */
  private static Set<String> followed(TaskSpec task) {
    Set<String> moving = new HashSet<>();
    if (task.trend() != null) {
      task.trend().terms().stream()
          .filter(term -> term.slope() != 0)
          .forEach(term -> moving.add(term.column()));
    }
    return task.features().stream()
        .filter(column -> moving.contains(column.name()))
        .map(Column::field)
        .collect(Collectors.toSet());
  }

  /** A number that may be read with a decimal comma is, if another column needs one. */
  private void agreeOnCommas() {
    boolean commas = columns.values().stream().anyMatch(column -> column.numbers().needsComma());
    columns.values().forEach(column -> column.numbers().preferComma(commas));
  }

  private String last() {
    List<String> names = new ArrayList<>(columns.keySet());
    int last = names.size() - 1;
    while (last > 0 && inferred(columns.get(names.get(last))) == FieldType.LEAVE_OUT) {
      last--;
    }
    return names.get(last);
  }

  private void requireColumn(String name) {
    if (!columns.containsKey(name)) {
      throw new IllegalArgumentException(
          "There is no column '%s'; the columns are %s."
              .formatted(name, ColumnNames.list(columns.keySet())));
    }
  }

  private static void requireFew(List<Column> features) {
    if (features.size() > TaskSpecs.MAX_FEATURES) {
      throw new IllegalArgumentException(
          "The table makes %,d features, and a task can have %,d: leave columns out (--without)."
              .formatted(features.size(), TaskSpecs.MAX_FEATURES));
    }
  }

  private List<Column> feature(ColumnProfile column, FieldType type) {
    if (!possible(column).contains(type)) {
      String because =
          column.empty() || column.numeric()
              ? ""
              : ", because '" + column.exampleWord() + "' is not one";
      throw new IllegalArgumentException(
          switch (type) {
            case NUMBER ->
                "Column '%s' cannot be read as numbers%s.".formatted(column.name(), because);
            case DATE ->
                "Column '%s' cannot be read as dates: they are understood as in 2026-11-29T08:00:00Z, 29.11.2026 or 11/29/2026, or as whole numbers since 1970."
                    .formatted(column.name());
            default ->
                "Column '%s' has no values, or too many different ones, for a category."
                    .formatted(column.name());
          });
    }
    return switch (type) {
      case NUMBER ->
          List.of(
              Column.number(column.name(), column.stats())
                  .notated(column.numbers().notation())
                  .missing(column.missing()));
      case CATEGORY -> List.of(Column.category(column.name(), declared.words(column)));
      case TEXT -> List.of(Column.text(column.name()));
      case DATE -> column.dates().columns(column.name(), columns.keySet(), column.missing());
      case LEAVE_OUT -> List.of();
    };
  }

  /** How a column is read if the user does not say. */
  private FieldType read(ColumnProfile column) {
    FieldType type = declared.type(column, possible(column));
    return type == null ? inferred(column) : type;
  }

  private FieldType inferred(ColumnProfile column) {
    if (ColumnNames.isUnnamed(column.name())
        && (column.empty() || column.numbering() || column.identifying())) {
      return FieldType.LEAVE_OUT;
    }
    DateSummary dates = column.dates();
    if (dates != null && dates.plausible()) {
      return FieldType.DATE;
    }
    // integer codes are numbers too: as words they lose their order, which is worse (RAE on the
    // student table 0.42 as words, 0.31 as numbers)
    if (column.numeric()) {
      return FieldType.NUMBER;
    }
    int few = Math.max(FEW_WORDS, (int) Math.min(MAX_WORDS, Math.sqrt(rows)));
    boolean category = !column.empty() && column.fewWords(few) && !column.sentences();
    return category ? FieldType.CATEGORY : FieldType.TEXT;
  }

  private static Set<FieldType> possible(ColumnProfile column) {
    Set<FieldType> possible = EnumSet.of(FieldType.TEXT);
    if (column.numeric()) {
      possible.add(FieldType.NUMBER);
    }
    if (!column.empty() && column.fewWords(TaskSpecs.MAX_CATEGORIES)) {
      possible.add(FieldType.CATEGORY);
    }
    if (column.dates() != null) {
      possible.add(FieldType.DATE);
    }
    return possible;
  }

  /** A summary of each column, in order. */
  public List<ColumnSummary> summaries() {
    agreeOnCommas();
    return columns.values().stream()
        .map(
            column ->
                new ColumnSummary(
                    column.name(),
                    read(column),
                    possible(column),
                    column.present(),
                    rows - column.present(),
                    column.distinct(),
                    column.numeric() ? column.stats() : null,
                    column.distinct() == null ? List.of() : column.categories()))
        .toList();
  }
}
