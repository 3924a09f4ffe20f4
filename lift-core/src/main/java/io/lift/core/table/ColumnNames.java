package io.lift.core.table;

import java.util.Collection;
import java.util.List;

/** Names of columns in messages. */
public final class ColumnNames {
  private static final int LISTED = 20;

  private ColumnNames() {}

  /** The names, or the first of them and how many more there are. */
  public static String list(Collection<String> names) {
    List<String> first = names.stream().limit(LISTED).toList();
    String listed = String.join(", ", first);
    int rest = names.size() - first.size();
    return rest == 0 ? listed : "%s and %,d more".formatted(listed, rest);
  }
}
