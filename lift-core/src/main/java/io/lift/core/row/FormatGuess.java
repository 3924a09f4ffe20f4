package io.lift.core.row;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lift.core.task.SourceFormat;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Tells the format of a topic by its records. */
public final class FormatGuess {
  private static final String BINARY_EVENT = "ce_specversion";
  private static final String CONTENT_TYPE = "content-type";
  private static final String STRUCTURED_EVENT = "application/cloudevents";

  private final Map<SourceFormat, Integer> counts = new HashMap<>();

  /**
   * The format of one record.
   *
   * @param value may be null
   * @param headers gives the text of a header; null if there is none of that name
   * @return {@link SourceFormat#AVRO} for every format with a schema registry, which knows the
   *     right one; null if the record tells nothing
   */
  public static SourceFormat of(byte[] value, Function<String, String> headers) {
    String type = headers.apply(CONTENT_TYPE);
    if (headers.apply(BINARY_EVENT) != null
        || type != null && type.strip().startsWith(STRUCTURED_EVENT)) {
      return SourceFormat.CLOUDEVENTS;
    }
    if (value == null) {
      return null;
    }
    if (Envelopes.namesSchema(value)) {
      return SourceFormat.AVRO;
    }
    try {
      return of(FlatJson.object(value));
    } catch (RowRejectedException e) {
      return null;
    }
  }

  private static SourceFormat of(ObjectNode object) {
    SourceFormat format = named(object);
    JsonNode payload = object.path("payload");
    boolean event =
        format == SourceFormat.CONNECT
            && payload instanceof ObjectNode inner
            && named(inner) == SourceFormat.DEBEZIUM;
    return event ? SourceFormat.DEBEZIUM : format;
  }

  /**
   * Whether a value is a change event of Debezium.
   *
   * @param json may be null
   */
  public static boolean isChangeEvent(JsonNode json) {
    return json instanceof ObjectNode object && named(object) == SourceFormat.DEBEZIUM;
  }

  private static SourceFormat named(ObjectNode object) {
    Envelopes envelopes = new Envelopes();
    object.fieldNames().forEachRemaining(envelopes::field);
    SourceFormat format = envelopes.format();
    return format == null ? SourceFormat.JSON : format;
  }

  /**
   * Counts a record.
   *
   * @param value may be null
   * @param headers gives the text of a header; null if there is none of that name
   */
  public void add(byte[] value, Function<String, String> headers) {
    SourceFormat format = of(value, headers);
    if (format != null) {
      counts.merge(format, 1, Integer::sum);
    }
  }

  /** The format of most of the records; JSON if they tell nothing. */
  public SourceFormat most() {
    return List.of(SourceFormat.values()).stream()
        .filter(counts::containsKey)
        .reduce((a, b) -> counts.get(b) > counts.get(a) ? b : a)
        .orElse(SourceFormat.JSON);
  }
}
