package io.lift.model.method;

import io.lift.core.prompt.Example;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Labels as indices. */
final class Labels {
  private Labels() {}

  /** The index of each row's label, from 0 in the order of first occurrence. */
  static int[] of(List<Example> rows) {
    Map<String, Integer> seen = new HashMap<>();
    return rows.stream()
        .mapToInt(row -> seen.computeIfAbsent(row.completion(), label -> seen.size()))
        .toArray();
  }
}
