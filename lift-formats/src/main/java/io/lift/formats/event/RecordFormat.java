package io.lift.formats.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lift.core.row.FlatJson;
import io.lift.core.row.RejectReason;
import io.lift.core.row.RowRejectedException;
import io.lift.core.task.SourceFormat;
import io.lift.formats.payload.ConnectPayload;
import io.lift.formats.payload.Decoded;
import io.lift.formats.registry.RegistryPayload;
import io.lift.formats.registry.SchemaRegistry;
import io.lift.formats.registry.SchemaUnavailableException;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads the records of one format. Thread-safe. */
@FunctionalInterface
public interface RecordFormat {
  /**
   * The row in a record.
   *
   * @return null if the record holds no row and is no error either: a deletion, a tombstone
   * @throws RowRejectedException if the record is not of this format
   * @throws SchemaUnavailableException if its schema cannot be asked for now
   */
  Unwrapped read(ConsumerRecord<byte[], byte[]> record)
      throws RowRejectedException, SchemaUnavailableException;

  /** The reading of a format. */
  static RecordFormat of(SourceFormat format, SchemaRegistry registry) {
    RegistryPayload payload = new RegistryPayload(registry);
    return switch (format) {
      case JSON -> record -> Unwrapped.plain(FlatJson.object(value(record)), Map::of);
      case CONNECT -> connect();
      case DEBEZIUM -> new ChangeEvents(payload);
      case CLOUDEVENTS -> new CloudEvents();
      case AVRO, PROTOBUF, JSON_SCHEMA -> record -> row(payload.read(value(record), format));
    };
  }

  private static RecordFormat connect() {
    ConnectPayload payload = new ConnectPayload();
    return record -> row(payload.read(record.topic(), value(record)));
  }

  private static Unwrapped row(Decoded decoded) throws RowRejectedException {
    return Unwrapped.plain(object(decoded.json()), decoded.fields());
  }

  /**
   * The value of a record.
   *
   * @throws RowRejectedException if there is none
   */
  static byte[] value(ConsumerRecord<byte[], byte[]> record) throws RowRejectedException {
    if (record.value() == null) {
      throw new RowRejectedException(RejectReason.NULL_VALUE, null, "The record has no value.");
    }
    return record.value();
  }

  /**
   * JSON as a row.
   *
   * @param json may be null
   * @throws RowRejectedException if it is no object
   */
  static ObjectNode object(JsonNode json) throws RowRejectedException {
    if (json instanceof ObjectNode object) {
      return object;
    }
    String kind =
        json == null || json.isNull()
            ? "nothing"
            : json.getNodeType().name().toLowerCase(Locale.ROOT);
    throw new RowRejectedException(
        RejectReason.NOT_AN_OBJECT,
        null,
        "A row is an object with fields, but this is " + kind + ".");
  }
}
