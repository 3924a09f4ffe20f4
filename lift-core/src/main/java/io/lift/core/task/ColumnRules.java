package io.lift.core.task;

import static io.lift.core.task.TaskSpecs.require;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules that every column of a published task satisfies. */
final class ColumnRules {
  private ColumnRules() {}

  /**
   * Checks the features of a task.
   *
   * @throws IllegalArgumentException with one sentence that says what is wrong
   */
  static void checkFeatures(List<Column> features) {
    Set<String> names = new HashSet<>();
    Set<String> dates = new HashSet<>();
    Set<String> others = new HashSet<>();
    for (Column feature : features) {
      check(feature);
      require(names.add(feature.name()), "Column '" + feature.name() + "' is listed twice");
      (feature.date() == null ? others : dates).add(feature.field());
    }
    for (String field : dates) {
      require(
          !others.contains(field), "Column '" + field + "' is read both as dates and otherwise");
      require(
          features.stream()
                  .filter(feature -> feature.field().equals(field))
                  .map(Column::date)
                  .map(DateSource::format)
                  .distinct()
                  .count()
              == 1,
          "Column '" + field + "' has dates of one format");
    }
  }

  /**
   * Checks a column by itself.
   *
   * @throws IllegalArgumentException with one sentence that says what is wrong
   */
  static void check(Column column) {
    String name = column.name();
    require(
        name != null && !name.isBlank() && name.length() <= TaskSpecs.MAX_COLUMN_NAME,
        "A column's name has 1 to " + TaskSpecs.MAX_COLUMN_NAME + " characters");
    String named = "Column '" + name + "' ";
    require(column.type() != null, named + "needs a type: number, category or text");
    switch (column.type()) {
      case NUMBER -> checkNumbers(named, column.numbers());
      case CATEGORY -> checkCategories(named, column.categories());
      case TEXT -> {}
    }
    require(
        column.notation() == null
            || (column.type() == ColumnType.NUMBER && column.notation().decimal() != null),
        named + "has a notation, which is for numbers: point or comma, and a unit");
    if (column.date() != null) {
      checkDate(named, column);
    }
  }

  private static void checkDate(String named, Column column) {
    DateSource date = column.date();
    require(
        date.field() != null
            && !date.field().isBlank()
            && date.part() != null
            && date.format() != null,
        named + "is part of a date and needs its field, part and format");
    boolean number = date.part().words().isEmpty();
    require(
        number
            ? column.type() == ColumnType.NUMBER
            : column.type() == ColumnType.CATEGORY
                && column.categories().containsAll(date.part().words()),
        named + "needs the type and words of its part of a date");
  }

  private static void checkNumbers(String named, NumberStats stats) {
    require(stats != null, named + "needs its number statistics");
    require(
        Double.isFinite(stats.mean())
            && Double.isFinite(stats.deviation())
            && Double.isFinite(stats.min())
            && Double.isFinite(stats.max())
            && stats.deviation() >= 0
            && stats.min() <= stats.max(),
        named + "needs finite statistics with deviation >= 0 and min <= max");
    require(
        stats.scale() == null || stats.scale().isValid(),
        named + "needs a finite scale with unit > 0 and deviation >= 0");
    require(
        stats.decimals() >= 0 && stats.decimals() <= TaskSpecs.MAX_DECIMALS,
        named + "has 0 to " + TaskSpecs.MAX_DECIMALS + " decimals");
  }

  private static void checkCategories(String named, List<String> categories) {
    require(
        !categories.isEmpty() && categories.size() <= TaskSpecs.MAX_CATEGORIES,
        named + "needs 1 to " + TaskSpecs.MAX_CATEGORIES + " categories, not " + categories.size());
    Set<String> seen = new HashSet<>();
    for (String category : categories) {
      require(!category.isBlank(), named + "has an empty category");
      require(seen.add(category), named + "has the category '" + category + "' twice");
    }
  }
}
