package io.lift.core.table;

import io.lift.core.task.NumberNotation;
import io.lift.core.task.NumberNotation.Decimal;
import io.lift.core.task.TaskType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What a user should know about a table that was read, one sentence or two each. */
final class TableRemarks {
  private static final double NEARLY_NUMERIC = 0.5;
  private static final int NAMED = 5;

  /** Whole numbers with more distinct values are not taken for codes of classes. */
  private static final int MANY_CODES = 100;

  /** Names, or last or first words of names, of columns that number or identify rows. */
  private static final Set<String> IDENTIFIERS =
      Set.of("id", "ids", "idx", "index", "uuid", "guid", "pk", "rowid", "rownum");

  private static final Set<String> IDENTIFIERS_AT_END = Set.of("nr", "no", "key", "row", "seq");

  private final List<String> remarks = new ArrayList<>();
  private final List<String> identifiers = new ArrayList<>();
  private final Map<String, List<String>> read = new LinkedHashMap<>();
  private final Map<String, String> examples = new LinkedHashMap<>();
  private final Map<String, String> missing = new LinkedHashMap<>();

  List<String> remarks() {
    List<String> all = new ArrayList<>();
    read.forEach(
        (how, columns) ->
            all.add(
                named(columns)
                    + (columns.size() == 1 ? " is read as " : " are read as ")
                    + how
                    + ": "
                    + examples.get(how)
                    + "."));
    if (!missing.isEmpty()) {
      all.add(
          "Read as missing values: "
              + missing.entrySet().stream()
                  .limit(NAMED)
                  .map(column -> column.getValue() + " in column '" + column.getKey() + "'")
                  .collect(Collectors.joining(", "))
              + (missing.size() > NAMED
                  ? ", and others in %d more columns".formatted(missing.size() - NAMED)
                  : "")
              + ".");
    }
    all.addAll(remarks);
    return List.copyOf(all);
  }

  /** The features that number or identify rows. */
  List<String> identifiers() {
    return List.copyOf(identifiers);
  }

  private static String named(List<String> columns) {
    String names =
        columns.stream()
            .limit(NAMED)
            .map(name -> "'" + name + "'")
            .collect(Collectors.joining(", "));
    String rest = columns.size() > NAMED ? " and %d more".formatted(columns.size() - NAMED) : "";
    return (columns.size() == 1 ? "Column " : "Columns ") + names + rest;
  }

  /** A column that is left out because it has no name, and no values or only row numbers. */
  void leftOut(ColumnProfile column) {
    remarks.add(
        column.empty()
            ? "Column '%s' has neither a name nor values and is left out.".formatted(column.name())
            : "Column '%s' has no name of its own and a different value in every row, as row numbers do; it is left out."
                .formatted(column.name()));
  }

  /**
   * A feature.
   *
   * @param followed whether answers follow its trend
   */
  void feature(ColumnProfile column, FieldType type, boolean followed) {
    if (ColumnNames.isUnnamed(column.name())) {
      remarks.add("A column without a name is called '%s'.".formatted(column.name()));
    }
    column(column, type);
    if (followed) {
      remarks.add(
          "Column '%s' goes on from row to row and the target with it; answers follow this trend beyond these rows."
              .formatted(column.name()));
    } else {
      identity(column, type);
    }
  }

  /** A column that is the target or a feature. */
  void column(ColumnProfile column, FieldType type) {
    String named = "Column '" + column.name() + "' ";
    if (column.empty()) {
      remarks.add(named + "has no values.");
    } else if (column.constant()) {
      remarks.add(named + "has the same value in every row.");
    } else if (type != FieldType.DATE
        && !column.numeric()
        && column.numericShare() > NEARLY_NUMERIC) {
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
              + (column.notFinite() == 1 ? " value that is" : " values that are")
              + " not finite; such rows are refused.");
    }
    if (type == FieldType.NUMBER || type == FieldType.DATE) {
      reading(column, type);
    }
  }

  private void reading(ColumnProfile column, FieldType type) {
    NumberNotation notation = column.numbers().notation();
    if (type == FieldType.DATE) {
      boolean number = column.dates().format().perSecond() > 0;
      String otherwise = number ? " (if it is none: --column-type '%s=number')" : "";
      read(
          "dates (" + column.dates().format().words() + ")",
          column,
          column.dates().example() + otherwise.formatted(column.name()));
    } else if (notation != null) {
      read("numbers " + words(notation), column, column.numbers().example());
    }
    if (column.missingCount() > 0) {
      String words = column.missing().stream().limit(NAMED).collect(Collectors.joining("', '"));
      missing.put(column.name(), "'%s' (%d values)".formatted(words, column.missingCount()));
    }
  }

  private void read(String how, ColumnProfile column, String example) {
    read.computeIfAbsent(how, any -> new ArrayList<>()).add(column.name());
    examples.putIfAbsent(how, example);
  }

  private static String words(NumberNotation notation) {
    List<String> words = new ArrayList<>();
    if (notation.decimal() == Decimal.COMMA) {
      words.add("a decimal comma");
    }
    if (notation.unit() != null) {
      words.add("the unit " + notation.unit());
    }
    return words.isEmpty() ? "with thousands separators" : "with " + String.join(" and ", words);
  }

  /**
   * A feature that may number or identify rows. Only a column whose name says so is advised
   * against: others may carry the signal.
   */
  private void identity(ColumnProfile column, FieldType type) {
    boolean rising = type == FieldType.NUMBER && column.rising();
    boolean words = (type == FieldType.TEXT || type == FieldType.CATEGORY) && column.identifying();
    String named = "Column '" + column.name() + "' ";
    if ((rising || words) && isIdentifier(column, words)) {
      identifiers.add(column.name());
      remarks.add(
          named
              + (rising
                  ? "increases from row to row, as row numbers do. Leave it out unless it has"
                      + " meaning for later rows."
                  : "has a different word in every row, as identifiers do. Leave it out unless its"
                      + " words have meaning for later rows."));
    } else if (rising) {
      remarks.add(
          named
              + "increases from row to row, as times do: later rows have larger values than any"
              + " that were learned.");
    }
  }

  private static boolean isIdentifier(ColumnProfile column, boolean words) {
    String[] parts =
        column
            .name()
            .replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ")
            .toLowerCase(Locale.ROOT)
            .split("[^\\p{L}\\p{N}]+");
    String last = parts.length == 0 ? "" : parts[parts.length - 1];
    return IDENTIFIERS.contains(last)
        || IDENTIFIERS_AT_END.contains(last)
        || parts.length > 0 && IDENTIFIERS.contains(parts[0])
        || words && column.uuids();
  }

  /**
   * A target: what it is taken for where that may be wrong, and labels that may be one.
   *
   * @param judged whether its values decided about the type, and not the user
   */
  void target(ColumnProfile target, TaskType type, boolean judged) {
    String named = "The target '" + target.name() + "' ";
    boolean labels = type == TaskType.CLASSIFICATION;
    if (labels && target.distinct() != null) {
      int distinct = target.distinct();
      boolean many =
          2L * distinct > target.present() && target.present() >= ColumnProfile.MIN_ROWS_FOR_ORDER;
      if (many) {
        remarks.add(
            named
                + "has %d labels in %d rows, such as '%s': labels that hardly occur twice cannot be learned. Is another column the target%s?"
                    .formatted(
                        distinct,
                        target.present(),
                        target.categories().get(0),
                        target.numeric() ? ", or is it a quantity (--type regression)" : ""));
      } else if (judged && target.numeric() && distinct > 2) {
        remarks.add(
            named
                + "has the numbers %s, which are taken as labels. If they are a quantity, set the type to regression (--type regression)."
                    .formatted(range(target)));
      }
      spellings(target, named);
    } else if (judged && !labels && target.wholeNumbers(MANY_CODES)) {
      remarks.add(
          named
              + "has %d different whole numbers, %s, and is taken as a quantity. If they are codes of classes, set the type to classification (--type classification)."
                  .formatted(target.distinct(), range(target)));
    }
  }

  private static String range(ColumnProfile target) {
    List<String> values = target.categories();
    return values.size() <= NAMED
        ? String.join(", ", values)
        : values.get(0) + " to " + values.get(values.size() - 1);
  }

  /** Labels that differ in case, spaces or punctuation, or are short forms of yes and no. */
  private void spellings(ColumnProfile target, String named) {
    Map<String, List<String>> byMeaning = new LinkedHashMap<>();
    for (String label : target.categories()) {
      byMeaning.computeIfAbsent(LabelMeaning.of(label), any -> new ArrayList<>()).add(label);
    }
    List<String> alike =
        byMeaning.values().stream()
            .filter(labels -> labels.size() > 1)
            .map(labels -> "'" + String.join("', '", labels) + "'")
            .toList();
    if (!alike.isEmpty()) {
      remarks.add(
          named
              + "has labels that may mean the same: "
              + String.join("; ", alike.subList(0, Math.min(NAMED, alike.size())))
              + ". Each is a label of its own; give those that are one the same spelling in the"
              + " rows.");
    }
  }
}
