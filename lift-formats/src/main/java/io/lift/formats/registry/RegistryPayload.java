package io.lift.formats.registry;

import io.lift.core.row.RejectReason;
import io.lift.core.row.RowRejectedException;
import io.lift.core.task.SourceFormat;
import io.lift.formats.payload.Decoded;
import java.nio.ByteBuffer;

/**
 * Values that begin with a zero and the number of their schema in 4 bytes, as the serializers of
 * Confluent and of Apicurio write them.
 */
public final class RegistryPayload {
  private static final int PREFIX = 1 + Integer.BYTES;

  private final SchemaRegistry registry;

  public RegistryPayload(SchemaRegistry registry) {
    this.registry = registry;
  }

  /** Whether bytes may begin with the number of a schema. */
  public static boolean is(byte[] bytes) {
    return bytes.length >= PREFIX && bytes[0] == 0;
  }

  /**
   * Reads a value.
   *
   * @param expected the format that it should have; null for any
   * @throws RowRejectedException if the bytes are no such value
   * @throws SchemaUnavailableException if the registry cannot be asked
   */
  public Decoded read(byte[] bytes, SourceFormat expected)
      throws RowRejectedException, SchemaUnavailableException {
    ValueSchema schema = schema(bytes);
    if (expected != null && schema.format() != expected) {
      throw new RowRejectedException(
          RejectReason.INVALID_FORMAT,
          null,
          "The schema with the number %d is %s: create the source with --format %s."
              .formatted(number(bytes), schema.format().word(), schema.format().word()));
    }
    try {
      return schema.read(bytes, PREFIX);
    } catch (StackOverflowError e) {
      throw new RowRejectedException(
          RejectReason.INVALID_FORMAT, null, "The value is nested too deeply.");
    }
  }

  /**
   * The format of a value.
   *
   * @throws RowRejectedException if the bytes are no value with a schema
   * @throws SchemaUnavailableException if the registry cannot be asked
   */
  public SourceFormat format(byte[] bytes) throws RowRejectedException, SchemaUnavailableException {
    return schema(bytes).format();
  }

  private ValueSchema schema(byte[] bytes) throws RowRejectedException, SchemaUnavailableException {
    if (!is(bytes)) {
      throw new RowRejectedException(
          RejectReason.INVALID_FORMAT,
          null,
          "The bytes do not begin with a zero and the number of a schema: they were not written with"
              + " a schema registry. If they are JSON, create the source with --format json.");
    }
    return registry.schema(number(bytes));
  }

  private static int number(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getInt(1);
  }
}
