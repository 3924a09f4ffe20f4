package io.lift.core.table;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A row that shares the names of its columns with the other rows of its table. It takes one
 * reference per value, where a hash map takes some 40 bytes. Immutable.
 */
final class ColumnRow extends AbstractMap<String, String> {
  private final List<String> columns;
  private final Map<String, Integer> indices;
  private final String[] values;

  /**
   * @param columns the columns of the table
   * @param indices index of each column in the list
   * @param values one per column
   */
  ColumnRow(List<String> columns, Map<String, Integer> indices, String[] values) {
    this.columns = columns;
    this.indices = indices;
    this.values = values;
  }

  @Override
  public String get(Object column) {
    Integer index = indices.get(column);
    return index == null ? null : values[index];
  }

  @Override
  public boolean containsKey(Object column) {
    return indices.containsKey(column);
  }

  @Override
  public Set<Entry<String, String>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public int size() {
        return values.length;
      }

      @Override
      public Iterator<Entry<String, String>> iterator() {
        return new Iterator<>() {
          private int next;

          @Override
          public boolean hasNext() {
            return next < values.length;
          }

          @Override
          public Entry<String, String> next() {
            Entry<String, String> entry = Map.entry(columns.get(next), values[next]);
            next++;
            return entry;
          }
        };
      }
    };
  }
}
