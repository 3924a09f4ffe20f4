package io.lift.core.row;

import java.util.Map;

/**
 * A validated row of one task. Values are a {@link Double} for number columns, a {@link String} for
 * category and text columns; a missing or unseen value is absent from the map.
 *
 * @param values feature values by column name
 * @param target the target's value (String or Double), or null if the row asks for it
 * @param unseen how many category values were not in the task and count as missing
 */
public record Row(Map<String, Object> values, Object target, int unseen) {

  /** Whether the row only brings the target of a row sent before: no feature is given. */
  public boolean labelOnly() {
    return target != null && values.isEmpty() && unseen == 0;
  }
}
