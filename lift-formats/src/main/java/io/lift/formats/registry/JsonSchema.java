package io.lift.formats.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lift.core.row.FlatJson;
import io.lift.core.row.RowRejectedException;
import io.lift.core.table.DeclaredField;
import io.lift.core.task.SourceFormat;
import io.lift.formats.payload.Decoded;
import io.lift.formats.payload.Temporal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A JSON Schema. Values are JSON; the schema says of what types their fields are. */
final class JsonSchema implements ValueSchema {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_DEPTH = 20;

  private final JsonNode root;
  private final Map<String, JsonNode> references = new HashMap<>();
  private final Map<String, DeclaredField> fields = new HashMap<>();
  private final Map<String, Temporal> stored = new HashMap<>(); // fields with dates as numbers

  private JsonSchema(JsonNode root) {
    this.root = root;
  }

  /**
   * @throws RowRejectedException if the text is no schema
   */
  static JsonSchema of(RegisteredSchema registered) throws RowRejectedException {
    try {
      JsonSchema schema = new JsonSchema(JSON.readTree(registered.text()));
      for (Map.Entry<String, String> reference : registered.references().entrySet()) {
        schema.references.put(reference.getKey(), JSON.readTree(reference.getValue()));
      }
      schema.add(schema.root, schema.root, "", 0);
      return schema;
    } catch (IOException e) {
      throw Schemas.unreadable(registered, e);
    }
  }

  @Override
  public SourceFormat format() {
    return SourceFormat.JSON_SCHEMA;
  }

  @Override
  public Decoded read(byte[] bytes, int from) throws RowRejectedException {
    JsonNode value = FlatJson.value(Arrays.copyOfRange(bytes, from, bytes.length));
    stored.forEach((name, type) -> convert(value, name, type));
    return new Decoded(value, () -> fields);
  }

  private static void convert(JsonNode value, String name, Temporal type) {
    String[] names = name.split("\\.");
    JsonNode parent = value;
    for (int i = 0; i < names.length - 1; i++) {
      parent = parent.path(names[i]);
    }
    String last = names[names.length - 1];
    if (parent instanceof ObjectNode object && object.path(last).isIntegralNumber()) {
      object.set(last, type.json(object.get(last).longValue()));
    }
  }

  /**
   * Adds what a schema says about its properties.
   *
   * @param document that local references of the schema lead into
   */
  private void add(JsonNode schema, JsonNode document, String prefix, int depth) {
    if (depth > MAX_DEPTH) {
      return; // a schema that contains itself
    }
    for (Placed part : parts(new Placed(schema, document), depth)) {
      part.schema()
          .path("properties")
          .properties()
          .forEach(
              property ->
                  addProperty(
                      new Placed(property.getValue(), part.document()),
                      prefix + property.getKey(),
                      depth));
    }
  }

  private void addProperty(Placed property, String name, int depth) {
    for (Placed part : parts(property, depth)) {
      Temporal type = Temporal.named(part.schema().path("title").asText(null));
      DeclaredField declared = type == null ? declared(part.schema()) : type.declared();
      if (type != null) {
        stored.put(name, type);
      }
      if (declared != null) {
        fields.put(name, declared);
      }
      add(part.schema(), part.document(), name + ".", depth + 1);
    }
  }

  /** A schema and the document that its local references lead into. */
  private record Placed(JsonNode schema, JsonNode document) {}

  /** A schema without references, alternatives that are not null, and parts that all hold. */
  private List<Placed> parts(Placed placed, int depth) {
    List<Placed> parts = new ArrayList<>();
    if (depth > MAX_DEPTH) {
      return parts;
    }
    JsonNode schema = placed.schema();
    if (schema.has("$ref")) {
      Placed referred = referred(schema.get("$ref").asText(), placed.document());
      if (referred != null) {
        parts.addAll(parts(referred, depth + 1));
      }
    }
    for (String several : List.of("oneOf", "anyOf", "allOf")) {
      schema
          .path(several)
          .forEach(each -> parts.addAll(parts(new Placed(each, placed.document()), depth + 1)));
    }
    parts.add(placed);
    return parts;
  }

  private Placed referred(String reference, JsonNode document) {
    int hash = reference.indexOf('#');
    String file = hash < 0 ? reference : reference.substring(0, hash);
    String pointer = hash < 0 ? "" : reference.substring(hash + 1);
    JsonNode target = file.isEmpty() ? document : references.get(file);
    if (target == null || !pointer.isEmpty() && !pointer.startsWith("/")) {
      return null;
    }
    JsonNode schema = pointer.isEmpty() ? target : target.at(pointer);
    return schema.isMissingNode() ? null : new Placed(schema, target);
  }

  private static DeclaredField declared(JsonNode schema) {
    JsonNode words = schema.path("enum");
    if (!words.isEmpty()) {
      List<String> texts = new ArrayList<>();
      words.forEach(
          word -> {
            if (!word.isNull()) {
              texts.add(word.asText());
            }
          });
      return DeclaredField.words(texts);
    }
    String format = schema.path("format").asText();
    if (format.equals("date") || format.equals("date-time")) {
      return DeclaredField.DATE;
    }
    if (is(schema, "boolean")) {
      return DeclaredField.BOOLEAN;
    }
    return is(schema, "number") ? DeclaredField.NUMBER : null;
  }

  /** Whether a schema has a type, alone or beside null. */
  private static boolean is(JsonNode schema, String type) {
    JsonNode types = schema.path("type");
    if (!types.isArray()) {
      return types.asText().equals(type);
    }
    boolean only = true;
    boolean found = false;
    for (JsonNode each : types) {
      found |= each.asText().equals(type);
      only &= each.asText().equals(type) || each.asText().equals("null");
    }
    return found && only;
  }
}
