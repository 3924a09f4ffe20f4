package io.lift.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.lift.cli.Lift;
import io.lift.cli.base.Home;
import io.lift.cli.stack.Stack;
import io.lift.cli.stack.StackOptions;
import io.lift.cli.stack.Workspace;
import io.lift.cli.term.ClientLogs;
import io.lift.cli.term.Terminal;
import io.lift.core.table.CsvTable;
import io.lift.kafka.KafkaClients;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.PredictionMessage;
import io.lift.messages.Topics;
import io.lift.testing.Console;
import io.lift.testing.RegistryServer;
import io.lift.testing.TopicClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A topic in Avro, written by Apicurio's serializer: all of its rows are answered and learned. */
class RegistryStackIT {
  private static final Topics TOPICS = Topics.of("");
  private static final String TOPIC = "bank.loans";
  private static final int ROWS = 500;
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final List<String> WORDS = List.of("car", "zipcode");
  private static final Schema KEY =
      SchemaBuilder.record("Key").fields().requiredLong("id").endRecord();
  private static final Schema GROUP = SchemaBuilder.enumeration("Group").symbols("A", "B");

  @Test
  void aTopicInAvroIsInferredAnsweredAndLearned() throws Exception {
    ClientLogs.quieten(false);
    Home home = Home.find();
    try (RegistryServer registry = new RegistryServer();
        Workspace workspace = Workspace.claim(home, "registry");
        Stack stack =
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
        TopicClient client = new TopicClient(bootstrap(stack))) {
      client.create(TOPIC, 2);
      // a partition that is just being created may refuse a batch and take the one behind it
      Map<String, Object> inOrder = Map.of("max.in.flight.requests.per.connection", 1);
      try (var producer = KafkaClients.producer(stack.kafka().client(), inOrder)) {
        write(producer, registry, home.root().resolve("docs/example/loans.csv"));
      }
      Console inferred =
          Console.run(
              Lift::run,
              "task",
              "infer",
              "loans",
              "--topic",
              TOPIC,
              "--target",
              "group",
              "--keys",
              "registry:id",
              "--where",
              "age>0",
              "--bootstrap",
              bootstrap(stack));
      assertThat(inferred.code()).as(inferred.err()).isZero();
      assertThat(inferred.out())
          .contains("Sources: bank.loans (avro, key registry:id, age>0)")
          .contains("Note: The records are Avro with a schema registry");

      Set<String> answered = new HashSet<>();
      for (var prediction :
          client.read(TOPICS.predictions(), ROWS, record -> status(record.value()) != null)) {
        assertThat(status(prediction.value())).isEqualTo(PredictionMessage.Status.ANSWERED);
        answered.add(Json.read(prediction.value(), PredictionMessage.class).row());
      }
      assertThat(answered).hasSize(ROWS).contains("0", "499");
      Awaitility.await()
          .atMost(LIMIT)
          .until(
              () ->
                  client.read(TOPICS.checkpoints()).stream()
                      .filter(record -> record.value() != null)
                      .map(record -> Json.read(record.value(), CheckpointManifest.class).rows())
                      .anyMatch(rows -> rows == ROWS));
      assertThat(client.read(TOPICS.prompts())).hasSize(ROWS);
      assertThat(client.read(TOPICS.deadLetters()))
          .singleElement()
          .satisfies(
              letter ->
                  assertThat(HeaderValues.string(letter.headers(), Headers.ERROR_MESSAGE))
                      .contains("--format json"));
    }
  }

  private static String bootstrap(Stack stack) {
    return stack.kafka().client().get("bootstrap.servers").toString();
  }

  private static PredictionMessage.Status status(byte[] prediction) {
    return Json.read(prediction, PredictionMessage.class).status();
  }

  /** The first rows of the table, and one record that is no Avro. */
  private static void write(
      KafkaProducer<byte[], byte[]> producer, RegistryServer registry, Path table)
      throws Exception {
    try (CsvTable loans = CsvTable.open("loans", table, null);
        AvroKafkaSerializer<GenericRecord> keys = serializer(registry, true);
        AvroKafkaSerializer<GenericRecord> values = serializer(registry, false)) {
      List<String> columns = List.copyOf(loans.columns());
      Schema schema = schema(columns);
      int number = 0;
      for (Map<String, String> row : loans) {
        if (number == ROWS) {
          break;
        }
        GenericRecord key = new GenericData.Record(KEY);
        key.put("id", (long) number++);
        GenericRecord loan = new GenericData.Record(schema);
        for (String column : columns) {
          String text = row.get(column);
          loan.put(
              column,
              column.equals("group")
                  ? new GenericData.EnumSymbol(GROUP, text)
                  : WORDS.contains(column) ? text : (Object) Double.valueOf(text));
        }
        producer.send(
            new ProducerRecord<>(TOPIC, keys.serialize(TOPIC, key), values.serialize(TOPIC, loan)));
      }
      producer.send(
          new ProducerRecord<>(
              TOPIC, HeaderValues.bytes("501"), HeaderValues.bytes("{\"salary\":1}")));
    }
  }

  private static Schema schema(List<String> columns) {
    var fields = SchemaBuilder.record("Loan").fields();
    for (String column : columns) {
      if (column.equals("group")) {
        fields.name(column).type(GROUP).noDefault();
      } else if (WORDS.contains(column)) {
        fields.requiredString(column);
      } else {
        fields.requiredDouble(column);
      }
    }
    return fields.endRecord();
  }

  private static AvroKafkaSerializer<GenericRecord> serializer(
      RegistryServer registry, boolean key) {
    AvroKafkaSerializer<GenericRecord> serializer = new AvroKafkaSerializer<>();
    serializer.configure(
        Map.of(
            "apicurio.registry.url",
            registry.apicurioUrl(),
            "apicurio.registry.auto-register",
            true,
            "apicurio.registry.use-id",
            "contentId",
            "apicurio.registry.headers.enabled",
            false),
        key);
    return serializer;
  }
}
