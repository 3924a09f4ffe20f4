package io.lift.formats.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apicurio.registry.serde.avro.AvroKafkaDeserializer;
import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.CloudEventDeserializer;
import io.lift.core.task.Sink;
import io.lift.core.task.SinkFormat;
import io.lift.formats.registry.RegistrySettings;
import io.lift.formats.registry.SchemaRegistry;
import io.lift.messages.Json;
import io.lift.messages.PredictionMessage;
import io.lift.testing.RegistryServer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.json.JsonConverter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is written is read by the libraries of others. */
@Timeout(120)
class PredictionWritersTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TOPIC = "loans.predictions";
  private static final String SUBJECT = TOPIC + "-value";

  private final RegistryServer server = new RegistryServer();
  private final List<String> refusals = new CopyOnWriteArrayList<>();
  private final PredictionWriters writers = writers(server.url());

  @AfterEach
  void close() {
    writers.close();
    server.close();
  }

  @Test
  void apicuriosDeserializerReadsEveryFieldOfAvro() throws Exception {
    GenericRecord label = avro(sink(SinkFormat.AVRO, true), Predictions.label());
    assertThat(label.getSchema().getFullName()).isEqualTo("io.lift.Prediction");
    assertThat(label.getSchema().getFields())
        .allSatisfy(field -> assertThat(field.doc()).endsWith("."));
    assertThat(text(label, "task")).isEqualTo("risks");
    assertThat(text(label, "row_id")).isEqualTo("row-1");
    assertThat(text(label, "status")).isEqualTo("answered");
    assertThat(text(label, "label")).isEqualTo("A");
    assertThat(label.get("value")).isNull();
    assertThat(label.get("probability")).isEqualTo(0.75);
    assertThat(text(label, "label_set")).isEqualTo("[\"A\",\"B\"]");
    assertThat(label.get("abstained")).isEqualTo(true);
    assertThat(label.get("checkpoint_version")).isEqualTo(7L);
    assertThat(label.get("support_rows")).isEqualTo(39);
    assertThat(text(label, "missing")).isEqualTo("[\"age\"]");
    assertThat(text(label, "extrapolated")).isEqualTo("[\"a, b\"]");
    assertThat(text(label, "source_topic")).isEqualTo("loans");
    assertThat(label.get("source_partition")).isEqualTo(3);
    assertThat(label.get("source_offset")).isEqualTo(117L);
    assertThat(label.get("queued_ms")).isEqualTo(1.5);
    assertThat(label.get("scored_ms")).isEqualTo(2.25);
    assertThat(label.get("message")).isNull();
    assertThat((Map<?, ?>) label.get("probabilities")).hasSize(2);

    GenericRecord number = avro(sink(SinkFormat.AVRO, false), Predictions.number());
    assertThat(number.get("value")).isEqualTo(12.5);
    assertThat(number.get("interval_lower")).isEqualTo(10.0);
    assertThat(number.get("interval_upper")).isEqualTo(15.0);
    assertThat(number.get("interval_coverage")).isEqualTo(0.9);
    assertThat(number.get("label")).isNull();
    assertThat(number.getSchema().getField("probabilities")).isNull();

    GenericRecord failed = avro(sink(SinkFormat.AVRO, false), Predictions.failed());
    assertThat(text(failed, "status")).isEqualTo("failed");
    assertThat(text(failed, "message")).isEqualTo("the model is closed");
    assertThat(failed.get("checkpoint_version")).isNull();
  }

  @Test
  void theMapOfProbabilitiesMayComeAndGoInAvro() {
    Schema flat = AvroWriter.schema(false);
    Schema whole = AvroWriter.schema(true);
    for (List<Schema> pair : List.of(List.of(flat, whole), List.of(whole, flat))) {
      assertThat(
              SchemaCompatibility.checkReaderWriterCompatibility(pair.get(0), pair.get(1))
                  .getType())
          .isEqualTo(SchemaCompatibility.SchemaCompatibilityType.COMPATIBLE);
    }
  }

  @Test
  void jsonWithASchemaHasTheNumberOfTheSchemaThatDescribesIt() throws Exception {
    byte[] value = write(sink(SinkFormat.JSON_SCHEMA, true), Predictions.label()).value();

    ByteBuffer bytes = ByteBuffer.wrap(value);
    assertThat(bytes.get()).isZero();
    JsonNode schema = JSON.readTree(server.schema(bytes.getInt()));
    JsonNode json = JSON.readTree(value, 5, value.length - 5);
    assertThat(json.get("probability").asDouble()).isEqualTo(0.75);
    assertThat(json.get("source_timestamp").asLong()).isEqualTo(1_795_412_766_958L);
    assertThat(json.at("/probabilities/A").asDouble()).isEqualTo(0.75);
    json.fieldNames()
        .forEachRemaining(name -> assertThat(schema.get("properties").has(name)).isTrue());
    assertThat(schema.get("additionalProperties").asBoolean()).isFalse();
  }

  @Test
  void kafkaConnectsConverterReadsTypedFields() throws Exception {
    Struct label = connect(sink(SinkFormat.CONNECT, true), Predictions.label());
    assertThat(label.schema().name()).isEqualTo("io.lift.Prediction");
    assertThat(label.schema().field("source_timestamp").schema().name())
        .isEqualTo(Timestamp.LOGICAL_NAME);
    assertThat(label.get("source_timestamp")).isEqualTo(new Date(1_795_412_766_958L));
    assertThat(label.getString("label")).isEqualTo("A");
    assertThat(label.getFloat64("probability")).isEqualTo(0.75);
    assertThat(label.getInt64("checkpoint_version")).isEqualTo(7);
    assertThat(label.getInt32("support_rows")).isEqualTo(39);
    assertThat(label.getMap("probabilities")).hasSize(2);

    Struct failed = connect(sink(SinkFormat.CONNECT, false), Predictions.failed());
    assertThat(failed.getString("message")).isEqualTo("the model is closed");
    assertThat(failed.schema().field("probabilities")).isNull();
    assertThat(failed.get("value")).isNull();
  }

  @Test
  void theSdkReadsCloudEventsInBothModes() throws Exception {
    for (SinkFormat format : List.of(SinkFormat.CLOUDEVENTS, SinkFormat.CLOUDEVENTS_BINARY)) {
      PredictionWriter.Written written = write(sink(format, false), Predictions.label());
      RecordHeaders headers = new RecordHeaders();
      written.headers().forEach(headers::add);
      CloudEvent event;
      try (CloudEventDeserializer reader = new CloudEventDeserializer()) {
        event = reader.deserialize(TOPIC, headers, written.value());
      }
      assertThat(event.getId()).isEqualTo("requests-0-1");
      assertThat(event.getSource()).hasToString("/lift.predictions/risks");
      assertThat(event.getType()).isEqualTo("io.lift.prediction");
      assertThat(event.getSubject()).isEqualTo("risks");
      assertThat(Json.read(event.getData().toBytes(), PredictionMessage.class))
          .isEqualTo(Predictions.label());
      boolean binary = headers.lastHeader("ce_id") != null;
      assertThat(binary).isEqualTo(format == SinkFormat.CLOUDEVENTS_BINARY);
    }
  }

  @Test
  void aRegistryThatIsAwayIsAskedUntilItAnswersAndNeverAgain() throws Exception {
    server.failWith(503);
    Sink sink = sink(SinkFormat.AVRO, false);
    assertThat(settled(writers, sink))
        .isInstanceOfSatisfying(
            WriterState.Waiting.class,
            waiting -> assertThat(waiting.why()).contains("status 503", SUBJECT));

    server.failWith(0);
    assertThat(ready(writers, sink)).isNotNull();
    server.failWith(503);
    assertThat(writers.state(sink)).isInstanceOf(WriterState.Ready.class);
    assertThat(refusals).isEmpty();
  }

  @Test
  void aSchemaThatIsRegisteredNeedsNoRightToRegister() throws Exception {
    server.register(SUBJECT, "AVRO", AvroWriter.schema(false).toString(), null);
    server.refuse(SUBJECT);

    assertThat(ready(writers, sink(SinkFormat.AVRO, false))).isNotNull();
    assertThat(server.calls()).noneMatch(call -> call.endsWith("/versions"));
  }

  @Test
  void aRefusedSchemaIsToldOnceAndTriedAgain() throws Exception {
    server.refuse(SUBJECT);
    Sink sink = sink(SinkFormat.JSON_SCHEMA, false);
    WriterState state = settled(writers, sink);
    assertThat(state)
        .isInstanceOfSatisfying(
            WriterState.Refused.class,
            refused ->
                assertThat(refused.why())
                    .contains(SUBJECT, "incompatible with an earlier schema", "--to"));
    long asked = server.calls().size();
    while (server.calls().size() < asked + 4) {
      writers.state(sink);
      Thread.onSpinWait();
    }
    assertThat(refusals).hasSize(1);

    server.accept(SUBJECT);
    assertThat(ready(writers, sink)).isNotNull();
  }

  @Test
  void aServiceWithoutARegistrySaysWhichSettingIsMissing() {
    try (PredictionWriters none = writers(null)) {
      assertThat(settled(none, sink(SinkFormat.AVRO, false)))
          .isInstanceOfSatisfying(
              WriterState.Waiting.class,
              waiting -> assertThat(waiting.why()).contains("set lift.registry.url"));
    }
  }

  private PredictionWriters writers(String url) {
    RegistrySettings settings =
        url == null ? RegistrySettings.none() : RegistrySettings.of(List.of(url));
    return new PredictionWriters(
        new SchemaRegistry(settings),
        "lift.predictions",
        Duration.ZERO,
        Duration.ZERO,
        (sink, refused) -> refusals.add(refused.why()));
  }

  private static Sink sink(SinkFormat format, boolean probabilities) {
    return new Sink(TOPIC, format, probabilities);
  }

  /** The state once the registry was asked. */
  private static WriterState settled(PredictionWriters writers, Sink sink) {
    WriterState state = writers.state(sink);
    while (state instanceof WriterState.Waiting waiting && waiting.why() == null) {
      Thread.onSpinWait();
      state = writers.state(sink);
    }
    return state;
  }

  private static PredictionWriter ready(PredictionWriters writers, Sink sink) {
    while (true) {
      if (writers.state(sink) instanceof WriterState.Ready ready) {
        return ready.writer();
      }
      Thread.onSpinWait();
    }
  }

  private PredictionWriter.Written write(Sink sink, PredictionMessage prediction) {
    return ready(writers, sink).write("requests-0-1", prediction);
  }

  private GenericRecord avro(Sink sink, PredictionMessage prediction) {
    try (AvroKafkaDeserializer<GenericRecord> reader = new AvroKafkaDeserializer<>()) {
      reader.configure(
          Map.of(
              "apicurio.registry.url",
              server.apicurioUrl(),
              "apicurio.registry.use-id",
              "contentId"),
          false);
      return reader.deserialize(TOPIC, write(sink, prediction).value());
    }
  }

  private Struct connect(Sink sink, PredictionMessage prediction) {
    byte[] value = write(sink, prediction).value();
    assertThat(new String(value, UTF_8)).startsWith("{\"schema\":");
    try (JsonConverter reader = new JsonConverter()) {
      reader.configure(Map.of("schemas.enable", "true"), false);
      return (Struct) reader.toConnectData(TOPIC, value).value();
    }
  }

  private static String text(GenericRecord record, String field) {
    return record.get(field).toString();
  }
}
