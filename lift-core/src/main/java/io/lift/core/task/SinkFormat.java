package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How predictions are written to the topic of their task. */
public enum SinkFormat {
  /** JSON, as on {@code lift.predictions}. */
  @JsonProperty("json")
  JSON("json", "JSON", false),

  /** Flat fields as JSON with a schema and a payload, as Kafka Connect's converter reads it. */
  @JsonProperty("connect")
  CONNECT("connect", "JSON with a schema, as Kafka Connect reads it", true),

  /** CloudEvents whose value is the event; the data is JSON. */
  @JsonProperty("cloudevents")
  CLOUDEVENTS("cloudevents", "CloudEvents in structured mode", false),

  /** CloudEvents whose attributes are headers; the value is JSON. */
  @JsonProperty("cloudevents-binary")
  CLOUDEVENTS_BINARY("cloudevents-binary", "CloudEvents in binary mode", false),

  /** Flat fields as Avro, with a schema registry. */
  @JsonProperty("avro")
  AVRO("avro", "Avro with a schema registry", true),

  /** Flat fields as JSON whose schema is in a schema registry. */
  @JsonProperty("json-schema")
  JSON_SCHEMA("json-schema", "JSON with a schema registry", true);

  private final String word;
  private final String description;
  private final boolean fields;

  SinkFormat(String word, String description, boolean fields) {
    this.word = word;
    this.description = description;
    this.fields = fields;
  }

  /** The format as users write it, e.g. {@code json-schema}. */
  public String word() {
    return word;
  }

  /** What the records are, in words. */
  public String description() {
    return description;
  }

  /** Whether a prediction is a record of flat fields, of which a schema gives the types. */
  public boolean hasFields() {
    return fields;
  }

  /**
   * The format of that name.
   *
   * @throws IllegalArgumentException with one sentence, if there is none
   */
  public static SinkFormat of(String word) {
    for (SinkFormat format : values()) {
      if (format.word.equalsIgnoreCase(word.strip())) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "Predictions are written as %s, not '%s'."
            .formatted(
                Arrays.stream(values()).map(SinkFormat::word).collect(Collectors.joining(", ")),
                word));
  }
}
