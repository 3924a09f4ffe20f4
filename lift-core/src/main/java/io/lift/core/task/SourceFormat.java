package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How the records of a source hold their rows. */
public enum SourceFormat {
  /** JSON objects. */
  @JsonProperty("json")
  JSON("json", "JSON", false),

  /** Change events of Debezium: JSON with or without a schema, or a registry's format. */
  @JsonProperty("debezium")
  DEBEZIUM("debezium", "Debezium change events", false),

  /** JSON with a schema and a payload, as Kafka Connect's {@code JsonConverter} writes it. */
  @JsonProperty("connect")
  CONNECT("connect", "JSON with a schema, as Kafka Connect writes it", false),

  /** CloudEvents with JSON data, in binary or structured mode. */
  @JsonProperty("cloudevents")
  CLOUDEVENTS("cloudevents", "CloudEvents", false),

  /** Avro, with a schema registry. */
  @JsonProperty("avro")
  AVRO("avro", "Avro with a schema registry", true),

  /** Protocol Buffers, with a schema registry. */
  @JsonProperty("protobuf")
  PROTOBUF("protobuf", "Protobuf with a schema registry", true),

  /** JSON whose schema is in a schema registry. */
  @JsonProperty("json-schema")
  JSON_SCHEMA("json-schema", "JSON with a schema registry", true);

  private final String word;
  private final String description;
  private final boolean registry;

  SourceFormat(String word, String description, boolean registry) {
    this.word = word;
    this.description = description;
    this.registry = registry;
  }

  /** The format as users write it, e.g. {@code json-schema}. */
  public String word() {
    return word;
  }

  /** What the records are, in words. */
  public String description() {
    return description;
  }

  /** Whether each record names a schema of a schema registry. */
  public boolean usesRegistry() {
    return registry;
  }

  /**
   * The format of that name.
   *
   * @throws IllegalArgumentException with one sentence, if there is none
   */
  public static SourceFormat of(String word) {
    for (SourceFormat format : values()) {
      if (format.word.equalsIgnoreCase(word.strip())) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "A format is %s, not '%s'."
            .formatted(
                Arrays.stream(values()).map(SourceFormat::word).collect(Collectors.joining(", ")),
                word));
  }
}
