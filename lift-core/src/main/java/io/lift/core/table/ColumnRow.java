package io.lift.core.table;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A row that shares the names of its columns with the other rows of its table: of an image with
 * hundreds of pixels a map of its own takes some 40 bytes a value, this one a reference. Cannot be
 * changed.
 */
final class ColumnRow extends AbstractMap<String, String> {
  private final List<String> columns;
  private final Map<String, Integer> places;
  private final String[] values;

  /**
   * @param columns of the table
   * @param places of the columns in the list
   * @param values one per column
   */
  ColumnRow(List<String> columns, Map<String, Integer> places, String[] values) {
    this.columns = columns;
    this.places = places;
    this.values = values;
  }

  @Override
  public String get(Object column) {
    Integer place = places.get(column);
    return place == null ? null : values[place];
  }

  @Override
  public boolean containsKey(Object column) {
    return places.containsKey(column);
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
