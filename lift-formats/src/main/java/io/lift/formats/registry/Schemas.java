package io.lift.formats.registry;

import io.lift.core.row.RejectReason;
import io.lift.core.row.RowRejectedException;
import io.lift.formats.payload.Cause;

/** Why schemas and values are refused. */
final class Schemas {
  private Schemas() {}

  static RowRejectedException unreadable(RegisteredSchema schema, Exception cause) {
    return new RowRejectedException(
        RejectReason.UNKNOWN_SCHEMA,
        null,
        "The schema with the number %d cannot be read: %s."
            .formatted(schema.id(), Cause.of(cause)));
  }

  static RowRejectedException unfit(Exception cause) {
    return new RowRejectedException(
        RejectReason.INVALID_FORMAT,
        null,
        "The value does not fit the schema that it names: " + Cause.of(cause) + ".");
  }
}
