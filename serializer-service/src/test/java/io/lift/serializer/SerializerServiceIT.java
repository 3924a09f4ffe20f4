package io.lift.serializer;

import static io.lift.messages.HeaderValues.bytes;
import static io.restassured.RestAssured.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;

import io.lift.core.table.JsonRows;
import io.lift.core.task.Column;
import io.lift.core.task.Source;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TemplateSpec;
import io.lift.kafka.KafkaClients;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.TopicAdmin;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.PromptMessage;
import io.lift.messages.RequestMessage;
import io.lift.messages.TaskDraft;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import io.lift.testing.BrokerResource;
import io.lift.testing.Loans;
import io.lift.testing.TopicClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(BrokerResource.class)
class SerializerServiceIT {
  private static final Topics TOPICS = Topics.of("");
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String ROW = "{\"age\":50,\"car\":\"vw\",\"approved\":\"yes\"}";

  @Inject KafkaConnection kafka;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrap;

  @Test
  void itIsReadyAndLiveOnceItReadsRows() {
    await().atMost(LIMIT).untilAsserted(() -> get("/q/health/ready").then().statusCode(200));
    get("/q/health/live").then().statusCode(200);
  }

  @Test
  void rowsBecomeExamplesAndRequestsAndAreMetered() {
    try (var producer = producer()) {
      producer.send(task(Loans.approvals("flow")));
      for (int i = 0; i < 300; i++) {
        producer.send(row("flow", "flow-" + i, ROW, Map.of()));
      }
    }
    var requests = read(TOPICS.requests(), record -> text(record.key()).startsWith("flow-"), 300);
    assertThat(requests.stream().map(record -> text(record.key())).distinct()).hasSize(300);
    var prompts = read(TOPICS.prompts(), record -> text(record.key()).equals("flow"), 300);
    assertThat(prompts.stream().map(ConsumerRecord::partition).distinct()).hasSize(1);
    assertThat(prompts.stream().map(SerializerServiceIT::example).map(PromptMessage::row))
        .doesNotHaveDuplicates()
        .hasSize(300);
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                get("/q/metrics")
                    .then()
                    .body(containsString("lift_service_up{application=\"lift-serializer\"} 1.0"))
                    .body(containsString("lift_rows_total{task=\"flow\"} 300.0"))
                    .body(containsString("lift_prompts_total{task=\"flow\"} 300.0"))
                    .body(containsString("lift_requests_total{task=\"flow\"} 300.0")));
  }

  @Test
  void aTaskFromATopicReadsNumbersAndDatesInEveryFormThatTheTableHad() throws Exception {
    TopicAdmin.ensure(kafka.settings(), List.of(new Topic<>("offers", byte[].class, 1, Map.of())));
    String written =
        "{\"at\":\"2026-11-%02dT08:30:00Z\",\"price\":\"1.2%02d,50 €\",\"used\":\"%s\",\"y\":\"%s\"}";
    try (var producer = producer()) {
      for (int i = 0; i < 30; i++) {
        String used = i % 7 == 0 ? "NA" : i + "%";
        String row = written.formatted(i + 1, i, used, i % 2 == 0 ? "a" : "b");
        producer.send(new ProducerRecord<>("offers", bytes("offer-" + i), bytes(row)));
      }
      producer.send(draft(new TaskDraft("offers", "offers", "y", null, 30)));
    }
    // the rows of the topic are read by the task that was inferred from them
    Map<String, String> prompts = prompts("offers", 30);
    TaskSpec task = published("offers");
    assertThat(task.features())
        .extracting(Column::name)
        .containsExactly("at trend", "at weekday", "at hour", "at month", "price", "used");
    byte[] fromCsv =
        new JsonRows(task)
            .write(Map.of("at", "2026-11-09T08:30:00Z", "price", "1.208,50 €", "used", "8%"));
    Map<String, String> forms =
        Map.of(
            "form-csv", HeaderValues.text(fromCsv),
            "form-numbers", "{\"at\":\"2026-11-09 08:30\",\"price\":1208.5,\"used\":8}",
            "form-text", "{\"at\":\"2026-11-09T08:30Z\",\"price\":\"1208,50\",\"used\":\"8 %\"}");
    try (var producer = producer()) {
      forms.forEach((id, row) -> producer.send(row("offers", id, row, Map.of())));
    }
    Map<String, String> all = prompts("offers", 33);
    String expected = prompts.get("offer-8");
    assertThat(expected).contains("x2=Monday").contains("x4=November").doesNotContain("?,");
    forms.keySet().forEach(id -> assertThat(all.get(id)).as(id).isEqualTo(expected));
    assertThat(prompts.get("offer-7")).contains("x6=?");
  }

  private static ProducerRecord<byte[], byte[]> draft(TaskDraft draft) {
    return new ProducerRecord<>(TOPICS.taskDrafts().name(), bytes(draft.name()), Json.write(draft));
  }

  /** The prompts of a task's requests by row. */
  private Map<String, String> prompts(String task, int rows) {
    Map<String, String> prompts = new TreeMap<>();
    var requests =
        read(
            TOPICS.requests(),
            record -> Json.read(record.value(), RequestMessage.class).task().equals(task),
            rows);
    for (ConsumerRecord<byte[], byte[]> record : requests) {
      prompts.put(text(record.key()), Json.read(record.value(), RequestMessage.class).prompt());
    }
    return prompts;
  }

  private TaskSpec published(String task) {
    var records = read(TOPICS.tasks(), record -> text(record.key()).equals(task), 1);
    return Json.read(records.get(0).value(), TaskSpec.class);
  }

  @Test
  void malformedRecordsAreDeadLettersAndTheGoodOnesAmongThemAreAnswered() {
    Map<String, byte[]> malformed = new TreeMap<>();
    malformed.put("invalid-json", bytes("age=50"));
    malformed.put("invalid-utf8", new byte[] {'{', '"', -1, '"', ':', '1', '}'});
    malformed.put("not-an-object", bytes("[1,2]"));
    malformed.put("nested-value", bytes("{\"age\":[50]}"));
    malformed.put("duplicate-field", bytes("{\"age\":1,\"age\":2}"));
    malformed.put("wrong-type", bytes("{\"age\":\"old\"}"));
    malformed.put("not-finite", bytes("{\"age\":-Infinity}"));
    malformed.put("unknown-label", bytes("{\"age\":1,\"approved\":\"maybe\"}"));
    malformed.put("no-features", bytes("{}"));
    malformed.put("too-large", new byte[10_000_000]);
    malformed.put("null-value", null);
    Map<String, Integer> expected = new HashMap<>();
    int rounds = 10;
    try (var producer = producer()) {
      producer.send(task(Loans.approvals("mixed")));
      for (int i = 0; i < rounds; i++) {
        for (var bad : malformed.entrySet()) {
          producer.send(row("mixed", "mixed-good-" + bad.getKey() + i, ROW, Map.of()));
          producer.send(raw("mixed", bytes("mixed-bad-" + bad.getKey()), bad.getValue()));
          expected.merge(bad.getKey(), 1, Integer::sum);
        }
        producer.send(raw("mixed", null, bytes(ROW)));
        expected.merge("null-key", 1, Integer::sum);
        producer.send(row("mixed-nobody's", "mixed-x", ROW, Map.of()));
        expected.merge("unknown-task", 1, Integer::sum);
        producer.send(row("mixed", "mixed-y", ROW, Map.of(Headers.USE, "sometimes")));
        expected.merge("invalid-header", 1, Integer::sum);
      }
    }
    int count = expected.values().stream().mapToInt(Integer::intValue).sum();
    var letters =
        read(
            TOPICS.deadLetters(),
            record -> HeaderValues.string(record.headers(), Headers.TASK).startsWith("mixed"),
            count);
    Map<String, Integer> reasons = new HashMap<>();
    for (var letter : letters) {
      String reason = HeaderValues.string(letter.headers(), Headers.ERROR_REASON);
      reasons.merge(reason, 1, Integer::sum);
      if (malformed.containsKey(reason)) {
        assertThat(text(letter.key())).isEqualTo("mixed-bad-" + reason);
        assertThat(letter.value()).isEqualTo(malformed.get(reason));
      }
    }
    assertThat(reasons).isEqualTo(expected);
    read(
        TOPICS.requests(),
        record -> text(record.key()).startsWith("mixed-good-"),
        rounds * malformed.size());
    get("/q/health").then().statusCode(200);
  }

  @Test
  void recordsTooLargeForAnyTopicAreCutAndTheRowsAroundThemAreAnswered() throws Exception {
    byte[] large = new byte[Topics.MAX_RECORD_BYTES];
    byte[] compressible = new byte[3 * Topics.MAX_RECORD_BYTES];
    Map<String, Object> zstd =
        Map.of(
            "compression.type",
            "zstd",
            "max.request.size",
            100_000_000,
            "buffer.memory",
            200_000_000L);
    int rows = 60;
    try (var producer = producer();
        var compressing = KafkaClients.producer(Map.of("bootstrap.servers", bootstrap), zstd)) {
      producer.send(task(Loans.approvals("huge")));
      for (int i = 0; i < rows; i++) {
        producer.send(row("huge", "huge-good-" + i, ROW, Map.of()));
        if (i % 20 == 0) {
          var headers = Map.of("traceparent", "0".repeat(100 * 1024));
          compressing.send(row("huge", "huge-bad-header" + i, text(large), headers)).get();
          compressing.send(raw("huge", bytes("huge-bad-zstd" + i), compressible)).get();
          compressing
              .send(
                  row(
                      "huge",
                      "huge-bad-correlation" + i,
                      ROW,
                      Map.of(Headers.CORRELATION_ID, "c".repeat(17 << 20))))
              .get();
        }
      }
    }
    var letters =
        read(
            TOPICS.deadLetters(),
            record -> record.key() != null && text(record.key()).startsWith("huge-bad"),
            9);
    assertThat(letters)
        .allMatch(
            letter ->
                "too-large".equals(HeaderValues.string(letter.headers(), Headers.ERROR_REASON)))
        .allMatch(letter -> letter.headers().lastHeader(Headers.ERROR_CUT) != null);
    var requests =
        read(TOPICS.requests(), record -> text(record.key()).startsWith("huge-good-"), rows);
    assertThat(requests).extracting(record -> text(record.key())).doesNotHaveDuplicates();
    get("/q/health").then().statusCode(200);
  }

  @Test
  void aTaskCreatedAMomentBeforeItsRowIsKnownInTime() {
    try (var producer = producer()) {
      for (int i = 0; i < 10; i++) {
        producer.send(task(Loans.approvals("moment-" + i)));
        producer.flush();
        producer.send(row("moment-" + i, "moment-row-" + i, ROW, Map.of()));
      }
    }
    read(TOPICS.requests(), record -> text(record.key()).startsWith("moment-row-"), 10);
  }

  @Test
  void eachTaskReadsASourceFromItsFirstRowWhoeverHasReadItBefore() {
    var source = new Topic<>("applications", byte[].class, 2, Map.of());
    TopicAdmin.ensure(kafka.settings(), List.of(source));
    try (var producer = producer()) {
      for (int i = 0; i < 250; i++) {
        producer.send(new ProducerRecord<>(source.name(), bytes("row-" + i), bytes(ROW)));
      }
      producer.flush();
      producer.send(task(Loans.approvals("source-a", source.name(), "applications.later")));
      assertAnswered("source-a", 250);
      producer.send(task(Loans.approvals("source-b", source.name())));
      assertAnswered("source-b", 250);

      producer.send(new ProducerRecord<>(source.name(), bytes("row-250"), bytes(ROW)));
      producer.send(new ProducerRecord<>(source.name(), bytes("row-251"), bytes("no json")));
      assertAnswered("source-a", 251);
      assertAnswered("source-b", 251);
      assertThat(read(TOPICS.deadLetters(), letter -> text(letter.key()).equals("row-251"), 2))
          .extracting(letter -> HeaderValues.string(letter.headers(), Headers.ERROR_TASK))
          .containsExactlyInAnyOrder("source-a", "source-b");
    }
  }

  @Test
  void aTaskMadeAnewReadsItsPastAndSoDoesANewReading() {
    var source = new Topic<>("payments", byte[].class, 2, Map.of());
    TopicAdmin.ensure(kafka.settings(), List.of(source));
    try (var producer = producer()) {
      for (int i = 0; i < 40; i++) {
        producer.send(
            new ProducerRecord<>(
                source.name(), null, 1_000L * i, bytes("row-" + i), bytes(ROW), List.of()));
      }
      TaskSpec task = Loans.approvals("anew", source.name());
      producer.send(task(task));
      assertAnswered("anew", 40);

      producer.send(new ProducerRecord<>(TOPICS.tasks().name(), bytes("anew"), (byte[]) null));
      producer.send(task(task));
      assertAnswered("anew", 80);

      producer.send(task(reading(task, new Source(source.name(), 30_000L, "again"))));
      assertAnswered("anew", 90);
      producer.send(task(reading(task, new Source(source.name(), 30_000L, "again"))));
      producer.send(new ProducerRecord<>(source.name(), bytes("row-40"), bytes(ROW)));
      assertAnswered("anew", 91);

      TaskSpec mended = reading(task, new Source(source.name(), 30_000L, "again"));
      producer.send(task(mended.toBuilder().template(TemplateSpec.free("{no column}")).build()));
      producer.send(new ProducerRecord<>(source.name(), bytes("row-41"), bytes(ROW)));
      producer.send(task(mended));
      assertAnswered("anew", 92);
      producer.send(new ProducerRecord<>(source.name(), bytes("row-42"), bytes(ROW)));
      assertAnswered("anew", 93);
    }
  }

  private static TaskSpec reading(TaskSpec task, Source source) {
    return task.toBuilder().version(task.version() + 1).sources(List.of(source)).build();
  }

  /** So many requests of a task are there, and no more. */
  private void assertAnswered(String task, int rows) {
    read(
        TOPICS.requests(),
        record -> Json.read(record.value(), RequestMessage.class).task().equals(task),
        rows);
  }

  private KafkaProducer<byte[], byte[]> producer() {
    return KafkaClients.producer(kafka.settings(), Map.of());
  }

  private static ProducerRecord<byte[], byte[]> task(TaskSpec task) {
    return new ProducerRecord<>(TOPICS.tasks().name(), bytes(task.name()), Json.write(task));
  }

  private static ProducerRecord<byte[], byte[]> row(
      String task, String id, String value, Map<String, String> headers) {
    var record = raw(task, bytes(id), bytes(value));
    headers.forEach((name, text) -> HeaderValues.add(record.headers(), name, text));
    return record;
  }

  private static ProducerRecord<byte[], byte[]> raw(String task, byte[] key, byte[] value) {
    var record = new ProducerRecord<>(TOPICS.rows().name(), key, value);
    HeaderValues.add(record.headers(), Headers.TASK, task);
    return record;
  }

  private static PromptMessage example(ConsumerRecord<byte[], byte[]> record) {
    return Json.read(record.value(), PromptMessage.class);
  }

  private static String text(byte[] bytes) {
    return bytes == null ? "" : HeaderValues.text(bytes);
  }

  /** The matching committed records of a topic, exactly {@code count}. */
  private List<ConsumerRecord<byte[], byte[]>> read(
      Topic<?> topic, Predicate<ConsumerRecord<byte[], byte[]>> matching, int count) {
    try (TopicClient client = new TopicClient(bootstrap)) {
      List<ConsumerRecord<byte[], byte[]>> records = client.read(topic, count, matching);
      assertThat(records).hasSize(count);
      return records;
    }
  }
}
