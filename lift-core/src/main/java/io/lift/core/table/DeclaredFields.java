package io.lift.core.table;

import io.lift.core.task.Column;
import io.lift.core.task.ColumnType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the schemas of a table's rows say about its columns. */
final class DeclaredFields {
  private final Map<String, DeclaredField> fields = new HashMap<>();

  void add(Map<String, DeclaredField> declared) {
    fields.putAll(declared);
  }

  /** The declared type of a column, if it is among the possible ones; otherwise null. */
  FieldType type(ColumnProfile column, Set<FieldType> possible) {
    DeclaredField field = fields.get(column.name());
    return field != null && possible.contains(field.type()) ? field.type() : null;
  }

  /** A target with all labels that its schema lists, if it has labels. */
  Column complete(Column target, ColumnProfile profile) {
    return target.type() == ColumnType.CATEGORY
        ? Column.category(target.name(), words(profile)).missing(target.missing())
        : target;
  }

  /** The words of a column, with those that its schema lists. */
  List<String> words(ColumnProfile column) {
    DeclaredField field = fields.get(column.name());
    if (field == null || field.words().isEmpty()) {
      return column.categories();
    }
    List<String> all = new ArrayList<>(column.categories());
    all.addAll(field.words());
    return TaskInference.labels(all);
  }
}
