package io.lift.core.table;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/** Names of columns: how lists of them are shown, and the names of columns without one. */
public final class ColumnNames {
  private static final int LISTED = 20;

  private static final Pattern UNNAMED = Pattern.compile("Unnamed: \\d+|");

  private ColumnNames() {}

  /** The name of a column without one. It is the name that pandas gives it. */
  static String unnamed(int index) {
    return "Unnamed: " + index;
  }

  /** Whether a name is that of a column without one. */
  static boolean isUnnamed(String name) {
    return UNNAMED.matcher(name).matches();
  }

  /** The names, or the first of them and how many more there are. */
  public static String list(Collection<String> names) {
    List<String> first = names.stream().limit(LISTED).toList();
    String listed = String.join(", ", first);
    int rest = names.size() - first.size();
    return rest == 0 ? listed : "%s and %,d more".formatted(listed, rest);
  }
}
