package io.lift.formats.registry;

import io.lift.core.row.RowRejectedException;
import io.lift.core.task.SourceFormat;
import io.lift.formats.payload.Decoded;

/** A schema that can read values. Thread-safe. */
interface ValueSchema {
  /** The format of values with this schema. */
  SourceFormat format();

  /**
   * Reads a value.
   *
   * @param bytes what a record holds
   * @param from where the value begins, behind the number of the schema
   * @throws RowRejectedException if the bytes do not fit the schema
   */
  Decoded read(byte[] bytes, int from) throws RowRejectedException;

  /**
   * Makes a schema ready to read.
   *
   * @throws RowRejectedException if its text is no schema
   */
  static ValueSchema of(RegisteredSchema schema) throws RowRejectedException {
    return switch (schema.type()) {
      case AVRO -> AvroSchema.of(schema);
      case JSON -> JsonSchema.of(schema);
      case PROTOBUF -> ProtobufSchema.of(schema);
    };
  }
}
