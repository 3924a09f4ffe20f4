package io.lift.formats.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.FloatNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.lift.core.row.RejectReason;
import io.lift.core.row.RowRejectedException;
import io.lift.core.task.SourceFormat;
import io.lift.formats.payload.Decoded;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/**
 * A schema of Avro. A value is read by the schema that it was written with, so fields that a later
 * schema adds, drops or widens need nothing else.
 */
final class AvroSchema implements ValueSchema {
  private static final int MOST = 16 * 1024 * 1024;

  static {
    // a length in a damaged record would otherwise be allocated before it is compared with the rest
    for (String limit : new String[] {"bytes", "string", "collectionItems"}) {
      String name = "org.apache.avro.limits." + limit + ".maxLength";
      if (System.getProperty(name) == null) {
        System.setProperty(name, Integer.toString(MOST));
      }
    }
  }

  private final Schema schema;
  private final GenericDatumReader<Object> reader;

  private AvroSchema(Schema schema) {
    this.schema = schema;
    this.reader = new GenericDatumReader<>(schema, schema, new GenericData());
  }

  /**
   * @throws RowRejectedException if the text is no schema
   */
  static AvroSchema of(RegisteredSchema registered) throws RowRejectedException {
    try {
      Schema.Parser parser = new Schema.Parser(NameValidator.NO_VALIDATION);
      parser.setValidateDefaults(false);
      for (String reference : registered.references().values()) {
        parser.parse(reference);
      }
      return new AvroSchema(parser.parse(registered.text()));
    } catch (RuntimeException e) {
      throw Schemas.unreadable(registered, e);
    }
  }

  @Override
  public SourceFormat format() {
    return SourceFormat.AVRO;
  }

  @Override
  public Decoded read(byte[] bytes, int from) throws RowRejectedException {
    Object value;
    try {
      BinaryDecoder decoder =
          DecoderFactory.get().binaryDecoder(bytes, from, bytes.length - from, null);
      value = reader.read(null, decoder);
      if (!decoder.isEnd()) {
        throw new RowRejectedException(
            RejectReason.INVALID_FORMAT, null, "The value continues behind what its schema has.");
      }
    } catch (IOException | RuntimeException e) {
      throw Schemas.unfit(e);
    }
    return new Decoded(json(schema, value), () -> AvroFields.of(schema));
  }

  private static JsonNode json(Schema schema, Object value) {
    if (value == null) {
      return NullNode.getInstance();
    }
    return switch (schema.getType()) {
      case UNION ->
          json(schema.getTypes().get(GenericData.get().resolveUnion(schema, value)), value);
      case RECORD -> record(schema, (IndexedRecord) value);
      case ARRAY -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        ((Iterable<?>) value).forEach(each -> array.add(json(schema.getElementType(), each)));
        yield array;
      }
      case MAP -> {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        ((Map<?, ?>) value)
            .forEach((key, each) -> put(object, key.toString(), json(schema.getValueType(), each)));
        yield object;
      }
      case STRING -> AvroFields.written(schema, value.toString());
      case ENUM -> TextNode.valueOf(value.toString());
      case INT, LONG -> AvroFields.stored(schema, ((Number) value).longValue());
      case FLOAT -> FloatNode.valueOf((Float) value);
      case DOUBLE -> DoubleNode.valueOf((Double) value);
      case BOOLEAN -> BooleanNode.valueOf((Boolean) value);
      case BYTES, FIXED -> decimal(schema, value);
      case NULL -> NullNode.getInstance();
    };
  }

  private static JsonNode record(Schema schema, IndexedRecord record) {
    if (AvroFields.isVariableDecimal(schema)) {
      Object scale = record.get(schema.getField("scale").pos());
      byte[] unscaled = bytes(record.get(schema.getField("value").pos()));
      return DecimalNode.valueOf(new BigDecimal(new BigInteger(unscaled), (Integer) scale));
    }
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (Schema.Field field : schema.getFields()) {
      put(object, field.name(), json(field.schema(), record.get(field.pos())));
    }
    return object;
  }

  private static void put(ObjectNode object, String name, JsonNode value) {
    if (value != null) {
      object.set(name, value);
    }
  }

  /** Null for bytes that are no decimal. */
  private static JsonNode decimal(Schema schema, Object value) {
    return schema.getLogicalType() instanceof LogicalTypes.Decimal decimal
        ? DecimalNode.valueOf(new BigDecimal(new BigInteger(bytes(value)), decimal.getScale()))
        : null;
  }

  private static byte[] bytes(Object value) {
    if (value instanceof GenericFixed fixed) {
      return fixed.bytes();
    }
    ByteBuffer buffer = ((ByteBuffer) value).duplicate();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
