package io.lift.formats.sink;

import io.lift.messages.PredictionMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Flat fields as Avro, behind the number of their schema. */
final class AvroWriter implements PredictionWriter {
  private final List<PredictionField> fields;
  private final Schema schema;
  private final GenericDatumWriter<GenericRecord> writer;
  private final byte[] prefix;
  private BinaryEncoder encoder;

  /**
   * @param prefix what each value begins with
   */
  AvroWriter(boolean probabilities, byte[] prefix) {
    this.fields = PredictionField.all(probabilities);
    this.schema = schema(probabilities);
    this.writer = new GenericDatumWriter<>(schema, new GenericData());
    this.prefix = prefix;
  }

  /** The schema of predictions. */
  static Schema schema(boolean probabilities) {
    List<Schema.Field> fields = new ArrayList<>();
    for (PredictionField field : PredictionField.all(probabilities)) {
      Schema type = type(field.type());
      fields.add(
          field.required()
              ? new Schema.Field(field.name(), type, field.description())
              : new Schema.Field(
                  field.name(),
                  Schema.createUnion(Schema.create(Schema.Type.NULL), type),
                  field.description(),
                  Schema.Field.NULL_DEFAULT_VALUE));
    }
    return Schema.createRecord(
        PredictionField.RECORD, PredictionField.ABOUT, PredictionField.NAMESPACE, false, fields);
  }

  private static Schema type(PredictionField.Type type) {
    return switch (type) {
      case TEXT -> Schema.create(Schema.Type.STRING);
      case INT -> Schema.create(Schema.Type.INT);
      case LONG -> Schema.create(Schema.Type.LONG);
      case MOMENT -> LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
      case DOUBLE -> Schema.create(Schema.Type.DOUBLE);
      case BOOLEAN -> Schema.create(Schema.Type.BOOLEAN);
      case MAP -> Schema.createMap(Schema.create(Schema.Type.DOUBLE));
    };
  }

  @Override
  public Written write(String id, PredictionMessage prediction) {
    GenericRecord record = new GenericData.Record(schema);
    for (PredictionField field : fields) {
      record.put(field.name(), field.of(prediction));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(prefix);
    try {
      encoder = EncoderFactory.get().binaryEncoder(bytes, encoder);
      writer.write(record, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Written.of(bytes.toByteArray());
  }
}
