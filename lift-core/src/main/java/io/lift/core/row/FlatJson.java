package io.lift.core.row;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TreeTraversingParser;
import io.lift.core.task.TaskSpecs;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the bytes of a record as one JSON object, field by field. The bytes must be strict UTF-8,
 * at most 100 levels deep, with nothing after the object. The fields of a nested object have names
 * with a dot: {@code {"customer":{"age":39}}} has the field {@code customer.age}.
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

  private static final ObjectMapper TREES =
      JsonMapper.builder(JSON)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();
  private static final Pattern DUPLICATE = Pattern.compile("^Duplicate field '(.*?)'");

  private FlatJson() {}

  /** Receives the fields of an object, one after the other. */
  @FunctionalInterface
  interface Fields {
    /**
     * Receives one field.
     *
     * @param value the first token of the value, which is the current token of {@code json}; the
     *     fields of an object follow, and an array is skipped
     */
    void next(String name, JsonToken value, JsonParser json)
        throws IOException, RowRejectedException;
  }

  /**
   * The scalar fields of an object as text, in order. Numbers keep their notation. Booleans become
   * {@code true} and {@code false}. Null and arrays are left out.
   *
   * @throws RowRejectedException if the bytes are not one JSON object
   */
  public static Map<String, String> scalars(byte[] bytes) throws RowRejectedException {
    Map<String, String> scalars = new LinkedHashMap<>();
    read(bytes, putting(scalars));
    return scalars;
  }

  /** The same of an object that has been read. */
  public static Map<String, String> scalars(ObjectNode object) {
    Map<String, String> scalars = new LinkedHashMap<>();
    try {
      read(object, putting(scalars));
    } catch (RowRejectedException e) {
      throw new IllegalStateException(e); // nothing here rejects a field
    }
    return scalars;
  }

  /** The names of the fields of an object that hold arrays. */
  public static Set<String> arrays(ObjectNode object) {
    Set<String> arrays = new TreeSet<>();
    try {
      read(
          object,
          (name, value, json) -> {
            if (value == JsonToken.START_ARRAY) {
              arrays.add(name);
            }
          });
    } catch (RowRejectedException e) {
      throw new IllegalStateException(e); // nothing here rejects a field
    }
    return arrays;
  }

  private static Fields putting(Map<String, String> scalars) {
    return (name, value, json) -> {
      if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
        scalars.put(name, json.getText());
      }
    };
  }

  /**
   * The bytes as a tree, whose decimals are exact.
   *
   * @throws RowRejectedException if the bytes are not one JSON object, or name a field twice
   */
  public static ObjectNode object(byte[] bytes) throws RowRejectedException {
    JsonNode tree = value(bytes);
    if (tree instanceof ObjectNode object) {
      return object;
    }
    throw notAnObject(tree.asToken());
  }

  /**
   * The bytes as a tree of any JSON value, whose decimals are exact.
   *
   * @throws RowRejectedException if the bytes are not one JSON value, or name a field twice
   */
  public static JsonNode value(byte[] bytes) throws RowRejectedException {
    JsonNode[] read = new JsonNode[1];
    parse(
        bytes,
        json -> {
          if (json.nextToken() == null) {
            throw invalid("The value is empty.");
          }
          read[0] = TREES.readTree(json);
          requireEnd(json);
        });
    return read[0];
  }

  /**
   * Reads an object to its end.
   *
   * @param fields receives its fields
   * @throws RowRejectedException if the bytes are not one JSON object, or if {@code fields} rejects
   *     one
   */
  static void read(byte[] bytes, Fields fields) throws RowRejectedException {
    parse(bytes, json -> readObject(json, fields));
  }

  /** The same of an object that has been read. */
  static void read(ObjectNode object, Fields fields) throws RowRejectedException {
    try (JsonParser json = new TreeTraversingParser(object)) {
      json.nextToken();
      readFields(json, "", fields);
    } catch (IOException e) {
      throw invalid("The value cannot be read: " + e.getMessage() + ".");
    }
  }

  /** Reads with a parser at the beginning of the bytes. */
  @FunctionalInterface
  private interface Reading {
    void run(JsonParser json) throws IOException, RowRejectedException;
  }

  private static void parse(byte[] bytes, Reading reading) throws RowRejectedException {
    if (bytes == null) {
      throw new RowRejectedException(RejectReason.NULL_VALUE, null, "The record has no value.");
    }
    if (Envelopes.namesSchema(bytes)) {
      throw new RowRejectedException(RejectReason.ENVELOPE, null, Envelopes.REGISTRY);
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
      reading.run(json);
    } catch (JsonProcessingException e) {
      Matcher duplicate = DUPLICATE.matcher(e.getOriginalMessage());
      if (duplicate.find()) {
        throw new RowRejectedException(
            RejectReason.DUPLICATE_FIELD,
            duplicate.group(1),
            "Field " + Excerpt.of(duplicate.group(1)) + " is given twice.");
      }
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
      readFields(json, "", fields);
    } else {
      json.skipChildren();
    }
    requireEnd(json);
    if (start != JsonToken.START_OBJECT) {
      throw notAnObject(start);
    }
  }

  /**
   * Reads the fields up to the end of an object.
   *
   * @param prefix begins their names
   */
  private static void readFields(JsonParser json, String prefix, Fields fields)
      throws IOException, RowRejectedException {
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      String full = prefix.isEmpty() ? name : prefix + name;
      JsonToken value = json.nextToken();
      fields.next(full, value, json);
      if (value == JsonToken.START_OBJECT && full.length() < TaskSpecs.MAX_COLUMN_NAME) {
        readFields(json, full + ".", fields);
      } else {
        json.skipChildren(); // no column has a longer name
      }
    }
  }

  private static void requireEnd(JsonParser json) throws IOException, RowRejectedException {
    if (json.nextToken() != null) {
      throw invalid("The value continues after its JSON object.");
    }
  }

  private static RowRejectedException notAnObject(JsonToken start) {
    return new RowRejectedException(
        RejectReason.NOT_AN_OBJECT,
        null,
        "A row is a JSON object, but this is " + kind(start) + ".");
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
