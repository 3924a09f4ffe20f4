package io.lift.formats.registry;

import io.lift.core.row.RejectReason;
import io.lift.core.row.RowRejectedException;
import io.lift.formats.payload.Cause;
import java.util.regex.Pattern;

/** Why schemas and values are refused. */
final class Schemas {
  /** Avro's name for a type that a schema names and does not define. */
  private static final Pattern UNRESOLVED =
      Pattern.compile("org\\.apache\\.avro\\.compiler\\.UnresolvedSchema_\\d+");

  private Schemas() {}

  static RowRejectedException unreadable(RegisteredSchema schema, Exception cause) {
    return new RowRejectedException(
        RejectReason.UNKNOWN_SCHEMA,
        null,
        "The schema with the number %d cannot be read: %s."
            .formatted(
                schema.id(),
                UNRESOLVED.matcher(Cause.of(cause)).replaceAll("a type that it does not define")));
  }

  static RowRejectedException unfit(Exception cause) {
    return new RowRejectedException(
        RejectReason.INVALID_FORMAT,
        null,
        "The value does not fit the schema that it names: " + Cause.of(cause) + ".");
  }
}
