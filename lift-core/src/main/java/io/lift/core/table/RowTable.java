package io.lift.core.table;

import java.io.Closeable;
import java.util.List;
import java.util.Map;

/**
 * A table read row by row; can be iterated once. A row is a map of its columns, in their order; an
 * empty string is a missing value.
 */
public interface RowTable extends Iterable<Map<String, String>>, Closeable {
  /** The columns, in order. */
  List<String> columns();
}
