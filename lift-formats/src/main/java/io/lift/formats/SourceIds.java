package io.lift.formats;

import com.fasterxml.jackson.databind.JsonNode;
import io.lift.core.row.FlatJson;
import io.lift.core.row.RejectReason;
import io.lift.core.row.RowIds;
import io.lift.core.row.RowRejectedException;
import io.lift.core.task.SourceKey;
import io.lift.formats.payload.ConnectPayload;
import io.lift.formats.registry.RegistryPayload;
import io.lift.formats.registry.SchemaUnavailableException;
import java.util.Map;

/** Reads the ids of a source's rows. Thread-safe. */
final class SourceIds {
  private final SourceKey key;
  private final ConnectPayload connect = new ConnectPayload();
  private final RegistryPayload registry;

  SourceIds(SourceKey key, RegistryPayload registry) {
    this.key = key;
    this.registry = registry;
  }

  /** Whether the id is in the row, and the key may be missing. */
  boolean inRow() {
    return key.form() == SourceKey.Form.VALUE;
  }

  /**
   * The id of a row.
   *
   * @param bytes the key of its record; not null unless the id is in the row
   * @throws RowRejectedException if there is none
   * @throws SchemaUnavailableException if the key's schema cannot be asked for now
   */
  String of(String topic, byte[] bytes, SourceRow row)
      throws RowRejectedException, SchemaUnavailableException {
    if (key.keyType() != null) {
      return RowIds.of(key.keyType(), bytes);
    }
    if (inRow()) {
      Map<String, String> values = row.values();
      return checked(values.get(key.field()), "row");
    }
    return checked(id(json(topic, bytes)), "key");
  }

  private JsonNode json(String topic, byte[] bytes)
      throws RowRejectedException, SchemaUnavailableException {
    try {
      if (key.form() == SourceKey.Form.REGISTRY || RegistryPayload.is(bytes)) {
        return registry.read(bytes, null).json();
      }
      JsonNode json = FlatJson.value(bytes);
      return ConnectPayload.is(json) ? connect.read(topic, bytes).json() : json;
    } catch (RowRejectedException e) {
      String about =
          e.reason() == RejectReason.UNKNOWN_SCHEMA
              ? e.getMessage()
              : "Of the key: " + e.getMessage();
      throw new RowRejectedException(
          e.reason(),
          e.field(),
          about + " The keys of this source are read as %s (--keys).".formatted(key));
    }
  }

  private String id(JsonNode json) {
    if (json == null || json.isNull()) {
      return null;
    }
    JsonNode whole = json;
    if (key.field() != null) {
      whole = json.has(key.field()) ? json.get(key.field()) : json.at(pointer(key.field()));
    } else if (json.isObject() && json.size() == 1) {
      whole = json.elements().next();
    }
    if (whole.isMissingNode() || whole.isNull()) {
      return null;
    }
    return whole.isValueNode() ? whole.asText() : whole.toString();
  }

  private static String pointer(String field) {
    return "/" + field.replace("~", "~0").replace("/", "~1").replace('.', '/');
  }

  private String checked(String id, String where) throws RowRejectedException {
    if (id == null || id.isBlank()) {
      String named = key.field() == null ? "value" : "field '" + key.field() + "'";
      throw new RowRejectedException(
          RejectReason.NULL_KEY,
          key.field(),
          "The %s has no %s, which is the row's id (--keys %s).".formatted(where, named, key));
    }
    if (id.chars().anyMatch(Character::isISOControl)) {
      throw new RowRejectedException(
          RejectReason.INVALID_UTF8, key.field(), "The row's id has control characters.");
    }
    return id;
  }
}
