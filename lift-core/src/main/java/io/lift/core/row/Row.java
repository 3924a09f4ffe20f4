package io.lift.core.row;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A validated row of one task. A value is a {@link Double} for a number column and a {@link String}
 * for a category or text column. A missing value is absent from the map. A word that a category
 * column does not have in the task is there as it came.
 *
 * @param values feature values by column name
 * @param target the target's value (String or Double); null for a query row
 * @param unseen category columns whose word is not in the task
 * @param absent fields of features that the row does not name at all, in the task's order
 */
public record Row(
    Map<String, Object> values, Object target, List<String> unseen, List<String> absent) {

  /** A row that names every feature, with words that the task has. */
  public Row(Map<String, Object> values, Object target) {
    this(values, target, List.of(), List.of());
  }

  /** Whether the row has a target and no feature: a label for a row that was sent before. */
  public boolean labelOnly() {
    return target != null && values.isEmpty();
  }

  /** The features of which the task learns nothing by this row: absent ones, then unseen words. */
  public List<String> unknown() {
    if (unseen.isEmpty()) {
      return absent;
    }
    List<String> unknown = new ArrayList<>(absent);
    unknown.addAll(unseen);
    return unknown;
  }
}
