package io.lift.formats.payload;

import com.fasterxml.jackson.databind.JsonNode;
import io.lift.core.row.RejectReason;
import io.lift.core.row.RowRejectedException;

/**
 * Compares the JSON types of a payload with its schema. Kafka Connect's converter does not: it
 * reads text in place of a number as 0.
 */
final class ConnectShape {
  private ConnectShape() {}

  /**
   * @param name of the value, empty for the whole
   * @throws RowRejectedException if a value has another type than its schema
   */
  static void check(JsonNode schema, JsonNode value, String name) throws RowRejectedException {
    if (value.isNull() || value.isMissingNode()) {
      return; // the converter knows which values may be missing
    }
    String type = schema.path("type").asText();
    switch (type) {
      case "int8", "int16", "int32", "int64" ->
          require(value.isIntegralNumber(), "a whole number", value, name);
      case "float", "double" -> require(value.isNumber(), "a number", value, name);
      case "boolean" -> require(value.isBoolean(), "true or false", value, name);
      case "string" -> require(value.isTextual(), "text", value, name);
      case "array" -> {
        require(value.isArray(), "an array", value, name);
        for (JsonNode each : value) {
          check(schema.path("items"), each, name);
        }
      }
      case "struct" -> {
        require(value.isObject(), "an object", value, name);
        for (JsonNode field : schema.path("fields")) {
          String inner = field.path("field").asText();
          check(field, value.path(inner), name.isEmpty() ? inner : name + "." + inner);
        }
      }
      default -> {} // bytes and maps have several forms
    }
  }

  private static void require(boolean fits, String type, JsonNode value, String name)
      throws RowRejectedException {
    if (!fits) {
      String shown = value.toString();
      throw new RowRejectedException(
          RejectReason.INVALID_FORMAT,
          name.isEmpty() ? null : name,
          "The payload does not fit its schema: %s is %s, not %s."
              .formatted(
                  name.isEmpty() ? "it" : "'" + name + "'",
                  shown.length() <= 40 ? shown : shown.substring(0, 40) + "…",
                  type));
    }
  }
}
