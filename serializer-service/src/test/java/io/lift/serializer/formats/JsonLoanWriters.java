package io.lift.serializer.formats;

import static io.lift.messages.HeaderValues.bytes;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.message.Encoding;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.CloudEventSerializer;
import io.debezium.data.Envelope;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;

/** Kafka Connect's converter, Debezium's schemas and the SDK of CloudEvents. */
public final class JsonLoanWriters {
  private static final Schema KEY =
      SchemaBuilder.struct().name("key").field("id", Schema.INT32_SCHEMA).build();
  private static final Schema ORIGIN =
      SchemaBuilder.struct().name("source").field("table", Schema.STRING_SCHEMA).build();
  private static final Schema LOAN = schema();
  private static final Envelope EVENT =
      Envelope.defineSchema()
          .withName("loans.Envelope")
          .withRecord(LOAN)
          .withSource(ORIGIN)
          .build();

  private JsonLoanWriters() {}

  /** Nested JSON: the words are in an object, and there is an array. */
  public static LoanWriter json() {
    ObjectMapper json = new ObjectMapper();
    return (topic, number, row) -> {
      Map<String, Object> nested = new HashMap<>(row);
      nested.put("place", Map.of("zip", nested.remove("zipcode")));
      nested.put("past", List.of(1, 2, 3).subList(0, number % 3));
      return new ProducerRecord<>(topic, bytes("loan-" + number), json.writeValueAsBytes(nested));
    };
  }

  /** JSON with a schema, as Kafka Connect writes it. */
  public static LoanWriter connect() {
    JsonConverter values = converter(true, false);
    return (topic, number, row) ->
        new ProducerRecord<>(
            topic, bytes("loan-" + number), values.fromConnectData(topic, LOAN, struct(row)));
  }

  /** Change events: insertions, updates and reads. */
  public static LoanWriter changes(boolean schema) {
    JsonConverter keys = converter(schema, true);
    JsonConverter values = converter(schema, false);
    Struct origin = new Struct(ORIGIN).put("table", "loans");
    return (topic, number, row) -> {
      Struct loan = struct(row);
      Instant now = Instant.EPOCH;
      Struct event =
          switch (number % 3) {
            case 0 -> EVENT.create(loan, origin, now);
            case 1 -> EVENT.update(loan, loan, origin, now);
            default -> EVENT.read(loan, origin, now);
          };
      return new ProducerRecord<>(
          topic,
          keys.fromConnectData(topic, KEY, new Struct(KEY).put("id", number)),
          values.fromConnectData(topic, EVENT.schema(), event));
    };
  }

  /** A change event that says that a row is gone. */
  public static ProducerRecord<byte[], byte[]> deletion(
      String topic, int number, Map<String, Object> row) {
    Struct origin = new Struct(ORIGIN).put("table", "loans");
    return new ProducerRecord<>(
        topic,
        converter(true, true).fromConnectData(topic, KEY, new Struct(KEY).put("id", number)),
        converter(true, false)
            .fromConnectData(
                topic, EVENT.schema(), EVENT.delete(struct(row), origin, Instant.EPOCH)));
  }

  /** CloudEvents with the row as their data. */
  public static LoanWriter cloudEvents(Encoding encoding) {
    ObjectMapper json = new ObjectMapper();
    CloudEventSerializer serializer = new CloudEventSerializer();
    Map<String, Object> settings = new HashMap<>();
    settings.put(CloudEventSerializer.ENCODING_CONFIG, encoding);
    if (encoding == Encoding.STRUCTURED) {
      settings.put(CloudEventSerializer.EVENT_FORMAT_CONFIG, JsonFormat.CONTENT_TYPE);
    }
    serializer.configure(settings, false);
    return (topic, number, row) -> {
      CloudEvent event =
          CloudEventBuilder.v1()
              .withId(Integer.toString(number))
              .withType("loan")
              .withSource(URI.create("/bank"))
              .withData("application/json", json.writeValueAsBytes(row))
              .build();
      Headers headers = new RecordHeaders();
      byte[] value = serializer.serialize(topic, headers, event);
      return new ProducerRecord<>(topic, null, null, bytes("loan-" + number), value, headers);
    };
  }

  private static Schema schema() {
    SchemaBuilder builder = SchemaBuilder.struct().name("loan").optional();
    LoanTable.NUMBERS.forEach(name -> builder.field(name, Schema.INT64_SCHEMA));
    LoanTable.WORDS.forEach(name -> builder.field(name, Schema.STRING_SCHEMA));
    return builder.build();
  }

  private static Struct struct(Map<String, Object> row) {
    Struct struct = new Struct(LOAN);
    row.forEach(struct::put);
    return struct;
  }

  private static JsonConverter converter(boolean schema, boolean keys) {
    JsonConverter converter = new JsonConverter();
    converter.configure(Map.of("schemas.enable", schema), keys);
    return converter;
  }
}
