package io.lift.formats.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lift.core.row.FlatJson;
import io.lift.core.row.RejectReason;
import io.lift.core.row.RowRejectedException;
import io.lift.core.table.DeclaredField;
import io.lift.formats.payload.ConnectPayload;
import io.lift.formats.payload.Decoded;
import io.lift.formats.registry.RegistryPayload;
import io.lift.formats.registry.SchemaUnavailableException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Change events of Debezium: JSON with or without a schema, or a format of a schema registry. A row
 * is the state after a change. Deletions, tombstones, truncated tables and messages are no rows.
 */
final class ChangeEvents implements RecordFormat {
  /** What Debezium writes for a value that it does not know. */
  private static final String UNAVAILABLE = "__debezium_unavailable_value";

  private static final String UNAVAILABLE_BYTES =
      Base64.getEncoder().encodeToString(UNAVAILABLE.getBytes(StandardCharsets.UTF_8));
  private static final String OP = "op";
  private static final String AFTER = "after";

  private final ConnectPayload connect = new ConnectPayload();
  private final RegistryPayload registry;

  ChangeEvents(RegistryPayload registry) {
    this.registry = registry;
  }

  @Override
  public Unwrapped read(ConsumerRecord<byte[], byte[]> record)
      throws RowRejectedException, SchemaUnavailableException {
    if (record.value() == null) {
      return null;
    }
    Decoded decoded = decode(record);
    if (decoded.json() == null || decoded.json().isNull()) {
      return null; // a tombstone with a schema
    }
    ObjectNode event = RecordFormat.object(decoded.json());
    String op = event.path(OP).asText("");
    return switch (op) {
      case "c", "r", "u" -> row(event, decoded);
      case "d", "t", "m" -> null;
      default -> throw noEvent(event, op);
    };
  }

  private Decoded decode(ConsumerRecord<byte[], byte[]> record)
      throws RowRejectedException, SchemaUnavailableException {
    byte[] value = record.value();
    if (RegistryPayload.is(value)) {
      return registry.read(value, null);
    }
    ObjectNode message = FlatJson.object(value);
    return ConnectPayload.is(message)
        ? connect.read(record.topic(), value)
        : Decoded.plain(message);
  }

  private static Unwrapped row(ObjectNode event, Decoded decoded) throws RowRejectedException {
    if (!(event.get(AFTER) instanceof ObjectNode after)) {
      throw new RowRejectedException(
          RejectReason.INVALID_FORMAT,
          AFTER,
          "The change event with op '%s' has no state after the change."
              .formatted(event.path(OP).asText()));
    }
    ObjectNode row = known(after);
    Map<String, String> about = new HashMap<>();
    return new Unwrapped(
        row,
        name -> {
          if (about.isEmpty()) {
            about.putAll(FlatJson.scalars(event));
          }
          return about.get(name);
        },
        () -> below(decoded.fields().get()));
  }

  /** The fields of the state, without the values that Debezium does not know. */
  private static ObjectNode known(ObjectNode state) {
    ObjectNode row = state.deepCopy();
    List<String> unavailable = new ArrayList<>();
    row.properties()
        .forEach(
            field -> {
              JsonNode value = field.getValue();
              JsonNode first = value.isArray() && value.size() == 1 ? value.get(0) : value;
              BigDecimal decimal = decimal(value);
              if (first.isTextual() && isUnavailable(first.textValue())) {
                unavailable.add(field.getKey());
              } else if (decimal != null) {
                field.setValue(DecimalNode.valueOf(decimal));
              }
            });
    row.remove(unavailable);
    return row;
  }

  private static boolean isUnavailable(String text) {
    return text.equals(UNAVAILABLE) || text.equals(UNAVAILABLE_BYTES);
  }

  /** A decimal with its own scale, as it is written without a schema; null if it is none. */
  private static BigDecimal decimal(JsonNode value) {
    boolean form =
        value.isObject()
            && value.size() == 2
            && value.path("scale").isInt()
            && value.path("value").isTextual();
    if (!form) {
      return null;
    }
    try {
      return new BigDecimal(
          new BigInteger(value.get("value").binaryValue()), value.get("scale").intValue());
    } catch (IOException | NumberFormatException e) {
      return null;
    }
  }

  /** What a schema says about the fields of the state after a change. */
  private static Map<String, DeclaredField> below(Map<String, DeclaredField> all) {
    Map<String, DeclaredField> fields = new HashMap<>();
    String prefix = AFTER + ".";
    all.forEach(
        (name, field) -> {
          if (name.startsWith(prefix)) {
            fields.put(name.substring(prefix.length()), field);
          }
        });
    return fields;
  }

  private static RowRejectedException noEvent(ObjectNode event, String op) {
    String why =
        event.has(OP) && event.get(OP).isTextual()
            ? "The change event has the unknown op '%s'."
                .formatted(op.length() <= 20 ? op : op.substring(0, 20) + "…")
            : "The value is no change event of Debezium, because it has no op. If it is a row, as the"
                + " transform ExtractNewRecordState makes it, create the source with --format json,"
                + " connect or a registry's format.";
    return new RowRejectedException(RejectReason.INVALID_FORMAT, OP, why);
  }
}
