package io.lift.core.table;

import java.io.Closeable;
import java.util.List;
import java.util.Map;

/**
 * A table that is read row by row and can be iterated once. A row is a map of its columns, in
 * order. An empty string is a missing value.
 */
public interface RowTable extends Iterable<Map<String, String>>, Closeable {
  /** The columns, in order. */
  List<String> columns();

  /** What the user should know about how the table is read, one sentence each. */
  default List<String> remarks() {
    return List.of();
  }
}
