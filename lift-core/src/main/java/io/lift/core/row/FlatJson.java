package io.lift.core.row;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the bytes of a record as one JSON object, field by field. The bytes must be strict UTF-8,
 * at most 100 levels deep, with nothing after the object.
 */
public final class FlatJson {
  private static final int MAX_DEPTH = 100;
  private static final int MAX_CAUSE = 120;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          // names are untrusted: they are not interned, and colliding hashes are no failure
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          // accepted here, so that NaN is reported as such and not as invalid JSON
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private FlatJson() {}

  /** Receives the fields of an object, one after the other. */
  @FunctionalInterface
  interface Fields {
    /**
     * Receives one field.
     *
     * @param value the first token of the value, which is the current token of {@code json}; an
     *     object or array that is not read is skipped
     */
    void next(String name, JsonToken value, JsonParser json)
        throws IOException, RowRejectedException;
  }

  /**
   * The scalar fields of an object as text, in order. Numbers keep their notation. Booleans become
   * {@code true} and {@code false}. Null, objects and arrays are left out.
   *
   * @throws RowRejectedException if the bytes are not one JSON object
   */
  public static Map<String, String> scalars(byte[] bytes) throws RowRejectedException {
    Map<String, String> scalars = new LinkedHashMap<>();
    read(
        bytes,
        (name, value, json) -> {
          if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
            scalars.put(name, json.getText());
          }
        });
    return scalars;
  }

  /**
   * Reads an object to its end.
   *
   * @param fields receives its fields
   * @throws RowRejectedException if the bytes are not one JSON object, or if {@code fields} rejects
   *     one
   */
  static void read(byte[] bytes, Fields fields) throws RowRejectedException {
    if (bytes == null) {
      throw new RowRejectedException(RejectReason.NULL_VALUE, null, "The record has no value.");
    }
    int invalid = Utf8.firstInvalid(bytes);
    if (invalid >= 0) {
      throw new RowRejectedException(
          RejectReason.INVALID_UTF8, null, "Byte " + invalid + " of the value is not UTF-8.");
    }
    if (bytes.length > 1 && (bytes[0] == 0 || bytes[1] == 0)) {
      throw invalid("The value starts with a NUL byte."); // Jackson would take it for UTF-16
    }
    try (JsonParser json = JSON.createParser(bytes)) {
      readObject(json, fields);
    } catch (JsonProcessingException e) {
      long at = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
      throw invalid(
          "The value is not JSON"
              + (at < 0 ? "" : " at byte " + at)
              + ": "
              + Excerpt.escaped(withoutCode(e.getOriginalMessage()), MAX_CAUSE)
              + ".");
    } catch (IOException e) {
      throw invalid(
          "The value is not JSON: "
              + Excerpt.escaped(String.valueOf(e.getMessage()), MAX_CAUSE)
              + ".");
    }
  }

  private static void readObject(JsonParser json, Fields fields)
      throws IOException, RowRejectedException {
    JsonToken start = json.nextToken();
    if (start == null) {
      throw invalid("The value is empty.");
    }
    if (start == JsonToken.START_OBJECT) {
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        fields.next(name, json.nextToken(), json);
        json.skipChildren();
      }
    } else {
      json.skipChildren();
    }
    if (json.nextToken() != null) {
      throw invalid("The value continues after its JSON object.");
    }
    if (start != JsonToken.START_OBJECT) {
      throw new RowRejectedException(
          RejectReason.NOT_AN_OBJECT,
          null,
          "A row is a JSON object, but this is " + kind(start) + ".");
    }
  }

  /** A message of the parser without the names of its methods, which it puts in back quotes. */
  private static String withoutCode(String message) {
    return message.replaceAll(",? from `[^`]*`", "");
  }

  private static RowRejectedException invalid(String message) {
    return new RowRejectedException(RejectReason.INVALID_JSON, null, message);
  }

  /** A JSON type in words. */
  static String kind(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "text";
      case VALUE_NULL -> "null";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      default -> "a number";
    };
  }
}
