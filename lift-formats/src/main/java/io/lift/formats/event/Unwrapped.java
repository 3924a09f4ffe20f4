package io.lift.formats.event;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lift.core.table.DeclaredField;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A row out of a message.
 *
 * @param row the row
 * @param about gives the text of a field of the message around the row; null if there is none of
 *     that name
 * @param fields what the schema says about the row's fields
 */
public record Unwrapped(
    ObjectNode row, Function<String, String> about, Supplier<Map<String, DeclaredField>> fields) {

  /** A row without a message around it. */
  static Unwrapped plain(ObjectNode row, Supplier<Map<String, DeclaredField>> fields) {
    return new Unwrapped(row, name -> null, fields);
  }
}
