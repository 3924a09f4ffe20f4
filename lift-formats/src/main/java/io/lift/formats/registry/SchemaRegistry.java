package io.lift.formats.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lift.core.row.RejectReason;
import io.lift.core.row.RowRejectedException;
import io.lift.core.task.SourceFormat;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The schemas of a registry by their numbers, of which those used last are kept, and the numbers of
 * schemas. Thread-safe.
 */
public final class SchemaRegistry {
  private static final Duration UNKNOWN_FOR = Duration.ofSeconds(10);
  private static final int MAX_REFERENCES = 200;

  private final RegistryHttp http;
  private final Map<Integer, Entry> schemas;

  /**
   * What is known of a number.
   *
   * @param schema reads values; null if there was no schema of that number
   * @param at when that was found, in nanoseconds
   */
  private record Entry(ValueSchema schema, long at) {
    boolean current() {
      return schema != null || System.nanoTime() - at < UNKNOWN_FOR.toNanos();
    }
  }

  public SchemaRegistry(RegistrySettings settings) {
    http = new RegistryHttp(settings);
    schemas =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Integer, Entry> eldest) {
            return size() > settings.cache();
          }
        };
  }

  /**
   * The schema of a number.
   *
   * @throws RowRejectedException if the registry has none, or one that cannot be read
   * @throws SchemaUnavailableException if the registry cannot be asked
   */
  synchronized ValueSchema schema(int id) throws RowRejectedException, SchemaUnavailableException {
    Entry entry = schemas.get(id);
    if (entry == null || !entry.current()) {
      RegisteredSchema found = fetch(id);
      entry = new Entry(found == null ? null : ValueSchema.of(found), System.nanoTime());
      schemas.put(id, entry);
    }
    if (entry.schema() == null) {
      throw new RowRejectedException(
          RejectReason.UNKNOWN_SCHEMA,
          null,
          "The schema registry has no schema with the number %d, which the record names."
              .formatted(id));
    }
    return entry.schema();
  }

  /**
   * The number of a schema under a subject, where it is registered if it is not there yet. A schema
   * that is there needs no right to write.
   *
   * @param format Avro or JSON
   * @throws SchemaRefusedException if the registry does not take it; the message is the registry's
   * @throws SchemaUnavailableException if the registry cannot be asked
   */
  public int number(String subject, SourceFormat format, String schema)
      throws SchemaUnavailableException, SchemaRefusedException {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("schema", schema);
    if (format == SourceFormat.JSON_SCHEMA) {
      body.put("schemaType", RegisteredSchema.Type.JSON.name());
    }
    String path = "/subjects/" + segment(subject);
    JsonNode found = http.post(path, body);
    if (found == null) {
      found = http.post(path + "/versions", body);
    }
    if (found == null || !found.path("id").canConvertToInt()) {
      throw new SchemaUnavailableException(
          "The schema registry does not say which number the schema of '%s' has"
              .formatted(subject));
    }
    return found.get("id").intValue();
  }

  private static String segment(String subject) {
    return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private RegisteredSchema fetch(int id) throws SchemaUnavailableException {
    JsonNode found = http.get("/schemas/ids/" + id);
    if (found == null) {
      return null;
    }
    Map<String, String> references = new LinkedHashMap<>();
    addReferences(found, references);
    return new RegisteredSchema(
        id,
        type(found.path("schemaType").asText("AVRO")),
        found.path("schema").asText(),
        references);
  }

  /** Adds what a schema refers to, and before it what that refers to. */
  private void addReferences(JsonNode schema, Map<String, String> references)
      throws SchemaUnavailableException {
    for (JsonNode reference : schema.path("references")) {
      String name = reference.path("name").asText();
      if (references.containsKey(name)) {
        continue;
      }
      if (references.size() >= MAX_REFERENCES) {
        throw new SchemaUnavailableException(
            "A schema refers to more than " + MAX_REFERENCES + " others");
      }
      references.put(name, ""); // not asked for again, should schemas refer to each other
      JsonNode referred =
          http.get(
              "/subjects/%s/versions/%d"
                  .formatted(
                      segment(reference.path("subject").asText()),
                      reference.path("version").asInt()));
      if (referred == null) {
        throw new SchemaUnavailableException(
            "The schema registry lacks version %d of '%s', to which a schema refers"
                .formatted(reference.path("version").asInt(), reference.path("subject").asText()));
      }
      addReferences(referred, references);
      references.remove(name);
      references.put(name, referred.path("schema").asText());
    }
  }

  private static RegisteredSchema.Type type(String name) {
    return switch (name) {
      case "PROTOBUF" -> RegisteredSchema.Type.PROTOBUF;
      case "JSON" -> RegisteredSchema.Type.JSON;
      default -> RegisteredSchema.Type.AVRO;
    };
  }
}
