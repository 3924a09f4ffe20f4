package io.lift.serializer;

import static io.lift.messages.HeaderValues.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cloudevents.core.message.Encoding;
import io.lift.core.task.ArrayRule;
import io.lift.core.task.Column;
import io.lift.core.task.SourceFormat;
import io.lift.core.task.TaskSpec;
import io.lift.kafka.KafkaClients;
import io.lift.kafka.TopicAdmin;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.PromptMessage;
import io.lift.messages.RequestMessage;
import io.lift.messages.TaskDraft;
import io.lift.messages.Topic;
import io.lift.serializer.formats.JsonLoanWriters;
import io.lift.serializer.formats.LoanTable;
import io.lift.serializer.formats.LoanWriter;
import io.lift.serializer.formats.RegistryLoanWriters;
import io.lift.serializer.formats.RegistryResource;
import io.lift.testing.BrokerResource;
import io.lift.testing.RegistryServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** The loans table in every format, written by others: each row is answered and learned. */
@QuarkusTest
@WithTestResource(BrokerResource.class)
@WithTestResource(RegistryResource.class)
class FormatsIT extends SerializerFixture {
  private static final int ROWS = 500;

  /** A partition that is just being created may refuse a batch and take the one behind it. */
  private static final Map<String, Object> ONE_AFTER_THE_OTHER =
      Map.of("max.in.flight.requests.per.connection", 1);

  private static final int SAMPLE = 200; // the table is inferred from these

  @Inject MeterRegistry meters;

  @Test
  void nestedJsonIsReadWithDotsAndCountedArrays() throws Exception {
    TaskSpec task =
        infer(
            draft("nested", null, null, null, ArrayRule.COUNT),
            JsonLoanWriters.json(),
            List.of(
                "{\"salary\":\"high\",\"place\":{\"zip\":\"zip 1\"},\"age\":1,\"car\":\"make 1\"}",
                "{\"salary\":1"));
    assertThat(task.sources().get(0).arrays()).isEqualTo(ArrayRule.COUNT);
    assertThat(task.features()).extracting(Column::name).contains("place.zip", "past");
    refused("nested", "needs a number, not 'high'", "not JSON");
  }

  @Test
  void changeEventsAreRecognisedAndTheirStatesAreRows() throws Exception {
    TaskSpec task =
        infer(
            draft("changes", null, null, List.of("source.table=loans"), null),
            JsonLoanWriters.changes(true),
            List.of("{\"salary\":1}", "{\"op\":\"c\",\"after\":null}"));
    assertThat(task.sources().get(0).format()).isEqualTo(SourceFormat.DEBEZIUM);
    refused("changes", "no op", "no state after the change");
    // a deletion and its tombstone are no rows, and no errors either
    try (var producer = producer()) {
      Map<String, Object> row = LoanTable.rows(1).get(0);
      producer.send(JsonLoanWriters.deletion("changes", 7, row));
      producer.send(
          new ProducerRecord<>("changes", JsonLoanWriters.deletion("", 7, row).key(), null));
      producer.send(JsonLoanWriters.changes(true).write("changes", ROWS, row));
    }
    assertThat(prompts("changes", ROWS + 1)).containsKey(Integer.toString(ROWS));
    refused("changes", "no op", "no state after the change");
  }

  @Test
  void changeEventsNeedNoSchema() throws Exception {
    infer(
        draft("bare", SourceFormat.DEBEZIUM, null, null, null),
        JsonLoanWriters.changes(false),
        List.of("{\"salary\":1}"));
    refused("bare", "no op");
  }

  @Test
  void jsonOfKafkaConnectIsReadByItsSchema() throws Exception {
    TaskSpec task =
        infer(
            draft("connect", null, null, null, null),
            JsonLoanWriters.connect(),
            List.of("{\"salary\":1}"));
    assertThat(task.sources().get(0).format()).isEqualTo(SourceFormat.CONNECT);
    refused("connect", "--format json");
  }

  @Test
  void cloudEventsAreReadInBothModes() throws Exception {
    for (Encoding encoding : Encoding.values()) {
      String topic = "events-" + encoding.name().toLowerCase(java.util.Locale.ROOT);
      TaskSpec task =
          infer(
              draft(topic, null, null, List.of("type=loan"), null),
              JsonLoanWriters.cloudEvents(encoding),
              List.of("{\"salary\":1}"));
      assertThat(task.sources().get(0).format()).isEqualTo(SourceFormat.CLOUDEVENTS);
      refused(topic, "no CloudEvent");
    }
  }

  @Test
  void avroWaitsForItsRegistryAndIsReadByItsSchemas() throws Exception {
    String topic = "avro";
    byte[] loan;
    ProducerRecord<byte[], byte[]> unseen;
    try (RegistryServer registry = registry()) {
      LoanWriter writer = RegistryLoanWriters.avro(registry, "Loan");
      loan = writer.write(topic, 0, LoanTable.rows(1).get(0)).value();
      unseen =
          RegistryLoanWriters.avro(registry, "LaterLoan")
              .write(topic, ROWS, LoanTable.rows(1).get(0));
    }
    // without the registry, the draft says what it waits for
    TaskDraft draft = draft(topic, null, "registry", null, null);
    TopicAdmin.ensure(kafka.settings(), List.of(new Topic<>(topic, byte[].class, 2, Map.of())));
    try (var producer = producer()) {
      producer.send(new ProducerRecord<>(topic, bytes("0"), loan));
      producer.send(
          new ProducerRecord<>(TOPICS.taskDrafts().name(), bytes(topic), Json.write(draft)));
    }
    read(
        TOPICS.taskDrafts(),
        record ->
            text(record.key()).equals(topic)
                && String.valueOf(Json.read(record.value(), TaskDraft.class).waiting())
                    .contains("does not answer"),
        1);
    try (RegistryServer registry = registry()) {
      LoanWriter writer = RegistryLoanWriters.avro(registry, "Loan");
      TaskSpec task = infer(draft, writer, List.of("{\"salary\":1}"));
      assertThat(task.sources().get(0).format()).isEqualTo(SourceFormat.AVRO);
    }
    // the key of the first record was no number of a schema
    refused(topic, "Of the key", "--format json");
    // without the registry, a row with a schema that is new waits, and becomes no dead letter
    double aborted = aborted();
    try (var producer = producer()) {
      producer.send(unseen);
    }
    await().atMost(LIMIT).until(() -> aborted() > aborted);
    try (RegistryServer registry = registry()) {
      RegistryLoanWriters.avro(registry, "Loan");
      RegistryLoanWriters.avro(registry, "LaterLoan");
      assertThat(prompts(topic, ROWS + 1)).containsKey(Integer.toString(ROWS));
    }
    refused(topic, "Of the key", "--format json");
  }

  private double aborted() {
    return meters.counter("lift.serializer.aborted").count();
  }

  @Test
  void whatConfluentsSerializersWroteIsReadByItsSchemas() throws Exception {
    try (RegistryServer registry = registry()) {
      registry.numberFrom(100); // the serializer keeps the schemas of the other test
      for (SourceFormat format :
          List.of(SourceFormat.AVRO, SourceFormat.JSON_SCHEMA, SourceFormat.PROTOBUF)) {
        String topic = "confluent-" + format.word();
        TaskSpec task =
            infer(
                draft(topic, null, null, null, null),
                RegistryLoanWriters.confluent(registry, format.word()),
                List.of("{\"salary\":1}"),
                "C");
        assertThat(task.sources().get(0).format()).isEqualTo(format);
        refused(topic, "--format json");
      }
    }
  }

  private RegistryServer registry() {
    // not injected: the application of the other tests has no such setting
    String url = ConfigProvider.getConfig().getValue("lift.registry.url", String.class);
    return new RegistryServer(URI.create(url).getPort(), null);
  }

  @Test
  void aFormatThatIsNotConfiguredIsNamedInTheDeadLetter() throws Exception {
    Map<String, Object> row = LoanTable.rows(1).get(0);
    infer(draft("plain", null, null, null, null), JsonLoanWriters.json(), List.of());
    try (var producer = producer()) {
      producer.send(JsonLoanWriters.changes(false).write("plain", 1, row));
      producer.send(JsonLoanWriters.connect().write("plain", 2, row));
      producer.send(JsonLoanWriters.cloudEvents(Encoding.STRUCTURED).write("plain", 3, row));
      producer.send(new ProducerRecord<>("plain", bytes("4"), new byte[] {0, 0, 0, 0, 1, 2, 3}));
    }
    refused("plain", "--format debezium", "--format connect", "--format cloudevents", "avro");
  }

  private static TaskDraft draft(
      String topic, SourceFormat format, String key, List<String> where, ArrayRule arrays) {
    return new TaskDraft(
        topic, topic, "group", null, SAMPLE, null, null, null, null, null, null, null, null, format,
        key, where, arrays, null, null, null);
  }

  /** Sends the table and some broken records, and infers a task whose columns are right. */
  private TaskSpec infer(TaskDraft draft, LoanWriter writer, List<String> broken) throws Exception {
    return infer(draft, writer, broken, "");
  }

  /**
   * @param declared further labels that the schema has
   */
  private TaskSpec infer(TaskDraft draft, LoanWriter writer, List<String> broken, String declared)
      throws Exception {
    String topic = draft.topic();
    TopicAdmin.ensure(kafka.settings(), List.of(new Topic<>(topic, byte[].class, 2, Map.of())));
    List<Exception> unsent = new CopyOnWriteArrayList<>();
    Callback callback =
        (metadata, failure) -> {
          if (failure != null) {
            unsent.add(failure);
          }
        };
    try (var producer = KafkaClients.producer(kafka.settings(), ONE_AFTER_THE_OTHER)) {
      List<Map<String, Object>> rows = LoanTable.rows(ROWS);
      for (int i = 0; i < ROWS; i++) {
        producer.send(writer.write(topic, i, rows.get(i)), callback);
        if (i >= SAMPLE && i < SAMPLE + broken.size()) {
          producer.send(
              new ProducerRecord<>(
                  topic, bytes("{\"id\":" + -i + "}"), bytes(broken.get(i - SAMPLE))),
              callback);
        }
      }
      producer.send(
          new ProducerRecord<>(TOPICS.taskDrafts().name(), bytes(draft.name()), Json.write(draft)),
          callback);
    }
    assertThat(unsent).isEmpty();
    TaskSpec task =
        Json.read(
            read(TOPICS.tasks(), record -> text(record.key()).equals(topic), 1).get(0).value(),
            TaskSpec.class);
    for (String number : LoanTable.NUMBERS) {
      assertThat(column(task, number).numbers()).as(number).isNotNull();
    }
    assertThat(column(task, "car").categories()).hasSize(20);
    assertThat(task.labels()).containsExactlyElementsOf(List.of(("AB" + declared).split("")));
    assertThat(prompts(topic, ROWS)).hasSize(ROWS);
    return task;
  }

  private static Column column(TaskSpec task, String name) {
    return task.features().stream()
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** The requests of a task by row; so many rows are answered, and as many are learned. */
  private Map<String, RequestMessage> prompts(String task, int rows) {
    List<ConsumerRecord<byte[], byte[]>> examples =
        read(
            TOPICS.prompts(),
            record -> Json.read(record.value(), PromptMessage.class).task().equals(task),
            rows);
    Map<String, RequestMessage> requests = new TreeMap<>();
    read(
            TOPICS.requests(),
            record -> Json.read(record.value(), RequestMessage.class).task().equals(task),
            rows)
        .forEach(
            record -> {
              RequestMessage request = Json.read(record.value(), RequestMessage.class);
              requests.put(request.row(), request);
            });
    assertThat(examples).hasSize(rows);
    return requests;
  }

  /** The dead letters of a task are these, in any order, and no others. */
  private void refused(String task, String... words) {
    List<String> messages =
        read(
                TOPICS.deadLetters(),
                letter -> task.equals(HeaderValues.string(letter.headers(), Headers.ERROR_TASK)),
                words.length)
            .stream()
            .map(letter -> HeaderValues.string(letter.headers(), Headers.ERROR_MESSAGE))
            .toList();
    for (String word : words) {
      assertThat(messages).anyMatch(message -> message.contains(word));
    }
  }
}
