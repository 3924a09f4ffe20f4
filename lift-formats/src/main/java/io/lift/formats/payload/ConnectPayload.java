package io.lift.formats.payload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lift.core.row.FlatJson;
import io.lift.core.row.RejectReason;
import io.lift.core.row.RowRejectedException;
import java.util.Map;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.json.JsonConverter;

/**
 * JSON with a schema and a payload, as Kafka Connect's {@code JsonConverter} writes it.
 * Thread-safe.
 */
public final class ConnectPayload {
  private JsonConverter converter; // made at the first payload: most sources have none

  private synchronized JsonConverter converter() {
    if (converter == null) {
      converter = new JsonConverter();
      // either way of writing decimals is understood; the type only matters to what is written
      converter.configure(Map.of("schemas.enable", "true"), false);
    }
    return converter;
  }

  /** Whether a message has this form: a schema, a payload and nothing else. */
  public static boolean is(JsonNode message) {
    return message.isObject()
        && message.size() == 2
        && message.has("schema")
        && message.has("payload");
  }

  /**
   * Reads a message. A payload without a schema is read as it is.
   *
   * @throws RowRejectedException if the bytes are not JSON of this form, or the payload does not
   *     fit the schema
   */
  public Decoded read(String topic, byte[] bytes) throws RowRejectedException {
    ObjectNode message = FlatJson.object(bytes);
    if (!is(message)) {
      throw new RowRejectedException(
          RejectReason.INVALID_FORMAT,
          null,
          "The value is JSON without schema and payload: create the source with --format json, or"
              + " set value.converter.schemas.enable=true in Kafka Connect.");
    }
    if (message.get("schema").isNull()) {
      return Decoded.plain(message.get("payload"));
    }
    ConnectShape.check(message.get("schema"), message.get("payload"), "");
    try {
      SchemaAndValue read = converter().toConnectData(topic, bytes);
      return new Decoded(
          ConnectValues.json(read.schema(), read.value()),
          () -> ConnectValues.fields(read.schema()));
    } catch (RuntimeException e) { // of Connect, or of a value that its types cannot hold
      throw new RowRejectedException(
          RejectReason.INVALID_FORMAT,
          null,
          "The payload does not fit its schema: " + Cause.of(e) + ".");
    }
  }
}
