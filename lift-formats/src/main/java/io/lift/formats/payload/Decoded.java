package io.lift.formats.payload;

import com.fasterxml.jackson.databind.JsonNode;
import io.lift.core.table.DeclaredField;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A key or value as JSON. Decimals are numbers, dates are ISO 8601, binary data is left out.
 *
 * @param json the value
 * @param fields what its schema says about the fields, by name with dots between nested names; no
 *     entries without a schema
 */
public record Decoded(JsonNode json, Supplier<Map<String, DeclaredField>> fields) {

  /** A value without a schema. */
  public static Decoded plain(JsonNode json) {
    return new Decoded(json, Map::of);
  }
}
