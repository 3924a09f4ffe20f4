package io.lift.core.row;

import java.util.List;
import java.util.Map;

/**
 * A validated row of one task. A value is a {@link Double} for a number column and a {@link String}
 * for a category or text column. A missing or unseen value is absent from the map.
 *
 * @param values feature values by column name
 * @param target the target's value (String or Double); null for a query row
 * @param unseen number of category values that are not in the task and count as missing
 * @param absent fields of features that the row does not name at all, in the task's order
 */
public record Row(Map<String, Object> values, Object target, int unseen, List<String> absent) {

  /** A row that names every feature. */
  public Row(Map<String, Object> values, Object target, int unseen) {
    this(values, target, unseen, List.of());
  }

  /** Whether the row has a target and no feature: a label for a row that was sent before. */
  public boolean labelOnly() {
    return target != null && values.isEmpty() && unseen == 0;
  }
}
