package io.lift.formats.sink;

import io.lift.messages.PredictionMessage;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.json.JsonConverter;

/** Flat fields as JSON with a schema and a payload, which Kafka Connect's converter writes. */
final class ConnectWriter implements PredictionWriter {
  private final String topic;
  private final List<PredictionField> fields;
  private final Schema schema;
  private final JsonConverter converter = new JsonConverter();

  ConnectWriter(String topic, boolean probabilities) {
    this.topic = topic;
    this.fields = PredictionField.all(probabilities);
    this.schema = schema(fields);
    converter.configure(Map.of("schemas.enable", "true"), false);
  }

  /** Without the descriptions, which every record would carry. */
  private static Schema schema(List<PredictionField> fields) {
    SchemaBuilder schema =
        SchemaBuilder.struct().name(PredictionField.NAMESPACE + "." + PredictionField.RECORD);
    for (PredictionField field : fields) {
      SchemaBuilder type = type(field.type());
      schema.field(field.name(), field.required() ? type.build() : type.optional().build());
    }
    return schema.build();
  }

  private static SchemaBuilder type(PredictionField.Type type) {
    return switch (type) {
      case TEXT -> SchemaBuilder.string();
      case INT -> SchemaBuilder.int32();
      case LONG -> SchemaBuilder.int64();
      case MOMENT -> Timestamp.builder();
      case DOUBLE -> SchemaBuilder.float64();
      case BOOLEAN -> SchemaBuilder.bool();
      case MAP -> SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.FLOAT64_SCHEMA);
    };
  }

  @Override
  public Written write(String id, PredictionMessage prediction) {
    Struct struct = new Struct(schema);
    for (PredictionField field : fields) {
      Object value = field.of(prediction);
      boolean moment = field.type() == PredictionField.Type.MOMENT && value != null;
      struct.put(field.name(), moment ? new Date((Long) value) : value);
    }
    return Written.of(converter.fromConnectData(topic, schema, struct));
  }
}
