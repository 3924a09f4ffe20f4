package io.lift.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.lift.messages.HeaderValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * {@code docs/asyncapi.yaml}, and what it says of a record. Readers of the document may meet fields
 * that it does not name; here every such field is an error.
 */
final class AsyncApi {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SCHEMAS = "#/components/schemas/";

  /** Schemas of records that somebody else writes: further headers are theirs. */
  private static final Set<String> OPEN = Set.of("RowHeaders", "DeadLetterHeaders");

  private final JsonNode document;
  private final JsonNode strict;
  private final Map<String, Schema> compiled = new HashMap<>();

  /**
   * A channel with an address.
   *
   * @param node as it stands in the document
   * @param message its only message, resolved
   */
  record Channel(String address, JsonNode node, JsonNode message) {
    JsonNode kafka() {
      return node.path("bindings").path("kafka");
    }

    /** Whether the value is JSON rather than bytes. */
    boolean json() {
      return !message.has("contentType");
    }
  }

  private AsyncApi(JsonNode document) {
    this.document = document;
    ObjectNode schemas = document.at("/components/schemas").deepCopy();
    for (Map.Entry<String, JsonNode> schema : schemas.properties()) {
      if (schema.getValue().has("properties") && !OPEN.contains(schema.getKey())) {
        ((ObjectNode) schema.getValue()).put("additionalProperties", false);
      }
    }
    this.strict = schemas;
  }

  static AsyncApi read() throws IOException {
    Path file = Path.of("").toAbsolutePath().getParent().resolve("docs/asyncapi.yaml");
    try (var reader = Files.newBufferedReader(file)) {
      return new AsyncApi(new ObjectMapper(new YAMLFactory()).readTree(reader));
    }
  }

  JsonNode document() {
    return document;
  }

  /** The channels whose topic is always the same, by address. */
  Map<String, Channel> channels() {
    Map<String, Channel> channels = new TreeMap<>();
    for (JsonNode channel : document.get("channels")) {
      if (!channel.get("address").isNull()) {
        String address = channel.get("address").asText();
        JsonNode message = resolve(channel.get("messages").iterator().next());
        channels.put(address, new Channel(address, channel, message));
      }
    }
    return channels;
  }

  /** What a reference refers to; anything else is itself. */
  JsonNode resolve(JsonNode node) {
    JsonNode found = node;
    while (found.has("$ref")) {
      found = document.at(found.get("$ref").asText().substring(1));
    }
    return found;
  }

  JsonNode schema(String name) {
    return document.at("/components/schemas/" + name);
  }

  /** What is wrong with a value under one of the document's schemas. */
  List<String> errors(JsonNode schema, JsonNode value) {
    return compiled
        .computeIfAbsent(schema.toString(), any -> compile(schema))
        .validate(value.toString(), InputFormat.JSON)
        .stream()
        .map(Error::toString)
        .toList();
  }

  private Schema compile(JsonNode schema) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.putArray("allOf").add(schema);
    root.putObject("components").set("schemas", strict);
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
        .getSchema(root.toString(), InputFormat.JSON);
  }

  /** What is wrong with a record's key under a message. */
  List<String> keyErrors(JsonNode message, String key) {
    JsonNode schema = message.at("/bindings/kafka/key");
    if (schema.isMissingNode()) {
      return List.of();
    }
    return key == null
        ? List.of("the key is missing")
        : errors(schema, JsonNodeFactory.instance.textNode(key));
  }

  /** What is wrong with a record's headers under a message. */
  List<String> headerErrors(JsonNode message, Headers headers) {
    ObjectNode named = JsonNodeFactory.instance.objectNode();
    for (Header header : headers) {
      named.put(header.key(), HeaderValues.text(header.value()));
    }
    return message.has("headers")
        ? errors(message.get("headers"), named)
        : named.isEmpty() ? List.of() : List.of("there are no headers, but " + named);
  }

  /** What is wrong with a record's value under a message; bytes may be anything. */
  List<String> valueErrors(Channel channel, byte[] value) {
    boolean compacted =
        channel.kafka().at("/topicConfiguration/cleanup.policy/0").asText().equals("compact");
    if (value == null) {
      return compacted || !channel.json() ? List.of() : List.of("there is no value");
    }
    if (!channel.json()) {
      int most = channel.message().at("/payload/maxLength").asInt(Integer.MAX_VALUE);
      return value.length <= most ? List.of() : List.of("the value has " + value.length + " bytes");
    }
    return parsed(value)
        .map(json -> errors(channel.message().get("payload"), json))
        .orElse(List.of("the value is not JSON"));
  }

  private static Optional<JsonNode> parsed(byte[] value) {
    try {
      return Optional.of(JSON.readTree(value));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Name of the schema that a node refers to, or null. */
  static String named(JsonNode node) {
    String ref = node.path("$ref").asText();
    return ref.startsWith(SCHEMAS) ? ref.substring(SCHEMAS.length()) : null;
  }
}
