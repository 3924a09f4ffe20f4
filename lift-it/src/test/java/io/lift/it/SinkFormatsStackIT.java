package io.lift.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.apicurio.registry.serde.avro.AvroKafkaDeserializer;
import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.CloudEventDeserializer;
import io.lift.cli.Lift;
import io.lift.cli.base.Home;
import io.lift.cli.stack.Stack;
import io.lift.cli.stack.StackOptions;
import io.lift.cli.stack.Workspace;
import io.lift.cli.term.ClientLogs;
import io.lift.cli.term.Terminal;
import io.lift.messages.EventMessage;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.PredictionMessage;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import io.lift.testing.Console;
import io.lift.testing.RegistryServer;
import io.lift.testing.TopicClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Predictions of whole stacks in each format, read back by the libraries of others. */
class SinkFormatsStackIT {
  private static final Topics TOPICS = Topics.of("");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ROWS = 300;

  private static RegistryServer registry;
  private static Workspace workspace;
  private static Stack stack;
  private static TopicClient client;
  private static Path table;

  @TempDir private static Path directory;

  @BeforeAll
  static void start() throws Exception {
    ClientLogs.quieten(false);
    Home home = Home.find();
    registry = new RegistryServer();
    workspace = Workspace.claim(home, "sink-formats");
    stack =
        Stack.start(
            home,
            new StackOptions(
                workspace.directory(),
                Optional.empty(),
                1,
                false,
                Map.of(
                    "lift.registry.url", registry.url(),
                    "lift.trainer.max-steps", "20",
                    "lift.trainer.members", "1")),
            Terminal.stdout());
    client = new TopicClient(bootstrap());
    table = directory.resolve("loans.csv");
    try (Stream<String> lines = Files.lines(home.root().resolve("docs/example/loans.csv"))) {
      Files.write(table, lines.limit(ROWS + 1).toList());
    }
  }

  @AfterAll
  static void stop() {
    client.close();
    stack.close();
    workspace.close();
    registry.close();
  }

  @Test
  void apicuriosDeserializerReadsEveryPredictionInAvro() throws Exception {
    List<ConsumerRecord<byte[], byte[]>> copies = answered("avro", "--to-probabilities");
    try (AvroKafkaDeserializer<GenericRecord> reader = new AvroKafkaDeserializer<>()) {
      reader.configure(
          Map.of(
              "apicurio.registry.url",
              registry.apicurioUrl(),
              "apicurio.registry.use-id",
              "contentId"),
          false);
      Map<String, PredictionMessage> expected = expected("avro");
      for (ConsumerRecord<byte[], byte[]> copy : copies) {
        GenericRecord read = reader.deserialize(copy.topic(), copy.value());
        PredictionMessage same = expected.get(HeaderValues.text(copy.key()));
        assertThat(read.get("row_id")).hasToString(same.row());
        assertThat(read.get("label")).hasToString(same.answer().label());
        assertThat(read.get("probability"))
            .isEqualTo(same.answer().probabilities().get(same.answer().label()));
        assertThat((Map<?, ?>) read.get("probabilities")).hasSize(2);
        assertThat(read.get("source_offset")).isEqualTo(same.origin().offset());
        assertThat(read.get("checkpoint_version")).isEqualTo(same.checkpoint().version());
      }
    }
  }

  @Test
  void everyPredictionInJsonIsValidByItsRegisteredSchema() throws Exception {
    Map<String, PredictionMessage> expected = new HashMap<>();
    SchemaRegistry schemas = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7);
    for (ConsumerRecord<byte[], byte[]> copy : answered("json-schema")) {
      if (expected.isEmpty()) {
        expected.putAll(expected("json-schema"));
      }
      byte[] value = copy.value();
      String schema = registry.schema(ByteBuffer.wrap(value).getInt(1));
      String json = new String(Arrays.copyOfRange(value, 5, value.length));
      assertThat(schemas.getSchema(schema).validate(json, InputFormat.JSON)).isEmpty();
      PredictionMessage same = expected.get(HeaderValues.text(copy.key()));
      assertThat(JSON.readTree(json).get("label").asText()).isEqualTo(same.answer().label());
    }
  }

  @Test
  void theConverterOfTheTablesConfigurationReadsEveryPrediction() throws Exception {
    JsonNode config =
        JSON.readTree(
                Home.find().root().resolve("clients/connect/predictions-to-table.json").toFile())
            .get("config");
    assertThat(config.get("value.converter").asText()).isEqualTo(JsonConverter.class.getName());
    Map<String, Object> settings = new HashMap<>();
    String prefix = "value.converter.";
    config
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (name.startsWith(prefix)) {
                settings.put(name.substring(prefix.length()), config.get(name).asText());
              }
            });
    List<ConsumerRecord<byte[], byte[]>> copies = answered("connect");
    Map<String, PredictionMessage> expected = expected("connect");
    try (JsonConverter reader = new JsonConverter()) {
      reader.configure(settings, false);
      for (ConsumerRecord<byte[], byte[]> copy : copies) {
        Struct read = (Struct) reader.toConnectData(copy.topic(), copy.value()).value();
        assertThat(read.schema().fields())
            .allSatisfy(field -> assertThat(field.schema().type().isPrimitive()).isTrue());
        for (String key : config.get("pk.fields").asText().split(",")) {
          assertThat(read.schema().field(key).schema().isOptional()).isFalse();
        }
        PredictionMessage same = expected.get(read.getString("row_id"));
        assertThat(read.getString("label")).isEqualTo(same.answer().label());
        assertThat(read.get("source_timestamp")).isEqualTo(new Date(same.origin().timestamp()));
      }
    }
  }

  @Test
  void theSdkReadsEveryPredictionAsACloudEventInBothModes() throws Exception {
    Set<String> ids = new HashSet<>();
    for (String format : List.of("cloudevents", "cloudevents-binary")) {
      List<ConsumerRecord<byte[], byte[]>> copies = answered(format);
      Map<String, PredictionMessage> expected = expected(format);
      try (CloudEventDeserializer reader = new CloudEventDeserializer()) {
        for (ConsumerRecord<byte[], byte[]> copy : copies) {
          CloudEvent event = reader.deserialize(copy.topic(), copy.headers(), copy.value());
          assertThat(event.getSubject()).isEqualTo(format);
          assertThat(event.getType()).isEqualTo("io.lift.prediction");
          PredictionMessage read = Json.read(event.getData().toBytes(), PredictionMessage.class);
          assertThat(read).isEqualTo(expected.get(HeaderValues.text(copy.key())));
          assertThat(ids.add(event.getSource() + " " + event.getId())).isTrue();
        }
      }
    }
  }

  @Test
  void aSchemaThatTheRegistryRefusesIsAnEventAndInTheReadiness() throws Exception {
    registry.refuse("refused.predictions-value");
    create("refused", "avro");
    produce("refused");

    assertThat(expected("refused")).hasSize(ROWS);
    assertThat(client.read(TOPICS.events(), 1, record -> unsent(record)))
        .first()
        .satisfies(
            record ->
                assertThat(Json.read(record.value(), EventMessage.class).text())
                    .contains("task refused", "refused.predictions-value", "incompatible"));
    assertThat(lift("events", "refused")).contains("unsent");
    assertThat(client.read(TOPICS.deadLetters())).isEmpty();
  }

  private static boolean unsent(ConsumerRecord<byte[], byte[]> record) {
    return Json.read(record.value(), EventMessage.class).kind() == EventMessage.Kind.UNSENT;
  }

  /** The predictions of a task in a format, which are as many as its rows. */
  private static List<ConsumerRecord<byte[], byte[]>> answered(String format, String... options)
      throws IOException {
    create(format, format, options);
    produce(format);
    Topic<byte[]> topic = new Topic<>(format + ".predictions", byte[].class, 1, Map.of());
    List<ConsumerRecord<byte[], byte[]>> copies = client.read(topic, ROWS, copy -> true);
    assertThat(copies).hasSize(ROWS);
    assertThat(copies).extracting(copy -> HeaderValues.text(copy.key())).doesNotHaveDuplicates();
    assertThat(copies)
        .allSatisfy(
            copy ->
                assertThat(HeaderValues.string(copy.headers(), Headers.TASK)).isEqualTo(format));
    return copies;
  }

  private static void create(String task, String format, String... options) {
    Stream<String> all =
        Stream.of(
            "task",
            "create",
            task,
            "--from",
            table.toString(),
            "--target",
            "group",
            "--to",
            task + ".predictions",
            "--to-format",
            format);
    String said = lift(Stream.concat(all, Arrays.stream(options)).toArray(String[]::new));
    assertThat(said).contains("Predictions also go to: %s.predictions (%s".formatted(task, format));
    assertThat(lift("task", "list")).contains("%s.predictions (%s".formatted(task, format));
  }

  private static void produce(String task) {
    lift("produce", table.toString(), "--task", task);
  }

  /** The same predictions on their common topic, by row. */
  private static Map<String, PredictionMessage> expected(String task) {
    Map<String, PredictionMessage> expected = new HashMap<>();
    for (var record :
        client.read(TOPICS.predictions(), ROWS, r -> task.equals(prediction(r.value()).task()))) {
      PredictionMessage prediction = prediction(record.value());
      assertThat(prediction.status()).isEqualTo(PredictionMessage.Status.ANSWERED);
      expected.put(prediction.row(), prediction);
    }
    return expected;
  }

  private static PredictionMessage prediction(byte[] value) {
    return Json.read(value, PredictionMessage.class);
  }

  private static String lift(String... arguments) {
    Stream<String> all =
        Stream.concat(Arrays.stream(arguments), Stream.of("--bootstrap", bootstrap()));
    Console console = Console.run(Lift::run, all.toArray(String[]::new));
    assertThat(console.code()).as(console.err()).isZero();
    return console.out();
  }

  private static String bootstrap() {
    return stack.kafka().client().get("bootstrap.servers").toString();
  }
}
