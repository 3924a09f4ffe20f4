package io.lift.bench.explain;

import java.util.List;
import java.util.Set;

/** The columns that decide in each of Agrawal's functions. */
final class AgrawalColumns {
  private static final List<Set<String>> COLUMNS =
      List.of(
          Set.of("age"),
          Set.of("age", "salary"),
          Set.of("age", "elevel"),
          Set.of("age", "elevel", "salary"),
          Set.of("age", "salary", "loan"),
          Set.of("age", "salary", "commission"),
          Set.of("salary", "commission", "loan"),
          Set.of("salary", "commission", "elevel"),
          Set.of("salary", "commission", "elevel", "loan"),
          Set.of("salary", "commission", "elevel", "hvalue", "hyears"));

  private AgrawalColumns() {}

  /**
   * The columns of a function.
   *
   * @param function 1..10
   */
  static Set<String> of(int function) {
    return COLUMNS.get(function - 1);
  }
}
