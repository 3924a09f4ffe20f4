package io.lift.formats;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lift.core.row.FlatJson;
import io.lift.core.row.Row;
import io.lift.core.row.RowParser;
import io.lift.core.row.RowRejectedException;
import io.lift.core.table.DeclaredField;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A row as a source has it: the bytes of a JSON object, or an object.
 *
 * @param bytes null if the row has been read
 * @param object null if the row has not been read
 * @param fields what its schema says about its fields
 */
public record SourceRow(
    byte[] bytes, ObjectNode object, Supplier<Map<String, DeclaredField>> fields) {

  /**
   * The row of a task.
   *
   * @throws RowRejectedException if it does not fit the task
   */
  public Row parse(RowParser parser) throws RowRejectedException {
    return object == null ? parser.parse(bytes) : parser.parse(object);
  }

  /**
   * The names of the fields that hold arrays.
   *
   * @throws RowRejectedException if it is no JSON object
   */
  public Set<String> arrays() throws RowRejectedException {
    return FlatJson.arrays(object == null ? FlatJson.object(bytes) : object);
  }

  /**
   * Its values as text, by the names of their columns.
   *
   * @throws RowRejectedException if it is no JSON object
   */
  public Map<String, String> values() throws RowRejectedException {
    return object == null ? FlatJson.scalars(bytes) : FlatJson.scalars(object);
  }
}
