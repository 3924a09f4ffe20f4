package io.lift.inference;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;

import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.LearningMethod;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TrainingPolicy;
import io.lift.kafka.KafkaClients;
import io.lift.messages.GenerateMessage;
import io.lift.messages.GeneratedMessage;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.model.BaseModel;
import io.lift.testing.Loans;
import io.lift.testing.TopicClient;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.Test;

/** Requests for rows on a real broker with a real model. */
@QuarkusTest
@WithBroker
class GenerationIT extends InferenceFixture {
  private static TaskSpec task(String name) {
    TrainingPolicy training =
        TrainingPolicy.builder()
            .maxSteps(10)
            .members(1)
            .seed(7L)
            .method(LearningMethod.PLAIN.generating())
            .build();
    return Loans.risks(name, 1, BeforeFirstCheckpoint.BASE).toBuilder().training(training).build();
  }

  private void request(String id, String task, int rows, Map<String, Object> given, Long seed) {
    GenerateMessage request = new GenerateMessage(id, task, rows, given, null, seed);
    client
        .topics()
        .send(
            TOPICS.generate(), id, request, TopicClient.header(Headers.CORRELATION_ID, "c-" + id));
  }

  private List<ConsumerRecord<byte[], byte[]>> rows(String id, int count) {
    return client
        .topics()
        .read(TOPICS.generated(), count, r -> HeaderValues.text(r.key()).equals(id));
  }

  private static GeneratedMessage row(ConsumerRecord<byte[], byte[]> record) {
    return Json.read(record.value(), GeneratedMessage.class);
  }

  @Test
  void requestedRowsAreGeneratedAndImpossibleRequestsGoToTheDeadLetters() throws Exception {
    TaskSpec task = task("generating");
    TaskSpec plain = Loans.risks("not-generating", 1, BeforeFirstCheckpoint.BASE);
    TaskSpec early = task("early-generating");
    byte[] file;
    try (BaseModel base = BaseModel.embedded()) {
      file = InferenceClient.fineTune(base, task, 1);
      client.task(task);
      client.task(plain);
      client.task(early);
      client.checkpoint(client.manifest(task, 1, file, base.hash()));
    }

    request("fine", "generating", 300, Map.of("risk", "low", "age", 33), 5L);
    request("again", "generating", 300, Map.of("risk", "low", "age", 33), 5L);
    Map<String, String> expected = new TreeMap<>();
    rejected(expected, "unknown", "nobody", 1, Map.of(), "unknown-task: there is no task nobody");
    rejected(
        expected,
        "untold",
        "not-generating",
        1,
        Map.of(),
        "invalid-request: task not-generating was not created to generate rows (--generate)");
    rejected(
        expected,
        "early",
        "early-generating",
        1,
        Map.of(),
        "no-checkpoint: task early-generating has no checkpoint yet: send it rows, and ask again"
            + " once it has learned them");
    rejected(
        expected,
        "column",
        "generating",
        1,
        Map.of("colour", "red"),
        "invalid-request: Task generating has no column 'colour'.");
    rejected(
        expected,
        "type",
        "generating",
        1,
        Map.of("age", "old"),
        "invalid-request: Column 'age' needs a finite number, not 'old'.");
    rejected(
        expected,
        "label",
        "generating",
        1,
        Map.of("risk", "middling"),
        "invalid-request: Column 'risk' has no value 'middling' in the task.");
    rejected(
        expected,
        "many",
        "generating",
        1_000_000,
        Map.of(),
        "invalid-request: rows is a number from 1 to 10000, not 1000000");
    client.topics().send(TopicClient.record(TOPICS.generate(), "garbage", "no json"));
    expected.put("garbage", "invalid-json: the request for rows is not JSON of one");

    List<ConsumerRecord<byte[], byte[]>> records = rows("fine", 300);
    List<GeneratedMessage> rows = records.stream().map(GenerationIT::row).toList();
    assertThat(rows).hasSize(300);
    assertThat(rows.stream().map(GeneratedMessage::number))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 300).boxed().toList());
    assertThat(rows)
        .allSatisfy(
            row -> {
              assertThat(row.task()).isEqualTo("generating");
              assertThat(row.rows()).isEqualTo(300);
              assertThat(row.rejected()).isZero();
              assertThat(row.checkpoint().version()).isEqualTo(1);
              assertThat(row.row().keySet()).containsExactly("age", "income", "risk");
              assertThat(row.row()).containsEntry("age", 33).containsEntry("risk", "low");
              assertThat((Integer) row.row().get("income")).isBetween(0, 100);
            });
    assertThat(rows.stream().map(row -> row.row().get("income")).distinct().count())
        .isGreaterThan(10);
    assertThat(HeaderValues.string(records.get(0).headers(), Headers.CORRELATION_ID))
        .isEqualTo("c-fine");
    assertThat(rows("again", 300).stream().map(record -> row(record).row()))
        .containsExactlyElementsOf(rows.stream().map(GeneratedMessage::row).toList());

    Map<String, String> letters = new TreeMap<>();
    client
        .topics()
        .read(
            TOPICS.deadLetters(),
            expected.size(),
            r ->
                TOPICS
                    .generate()
                    .name()
                    .equals(HeaderValues.string(r.headers(), Headers.ERROR_TOPIC)))
        .forEach(
            r ->
                letters.put(
                    HeaderValues.text(r.key()),
                    HeaderValues.string(r.headers(), Headers.ERROR_REASON)
                        + ": "
                        + HeaderValues.string(r.headers(), Headers.ERROR_MESSAGE)));
    assertThat(letters).isEqualTo(expected);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                RestAssured.get("/q/metrics")
                    .asString()
                    .contains("lift_rows_generated_total{task=\"generating\"} 600.0"));

    // the same over HTTP
    given()
        .contentType("application/json")
        .body("{\"rows\": 5, \"given\": {\"risk\": \"high\"}, \"temperature\": 0.5}")
        .post("/generate/generating")
        .then()
        .statusCode(200)
        .body("rows.size()", equalTo(5))
        .body("rows.risk", everyItem(equalTo("high")))
        .body("checkpoint.version", equalTo(1));
    problem("/generate/nobody", "{\"rows\": 1}", 404, "there is no task nobody");
    problem("/generate/not-generating", "{\"rows\": 1}", 400, "--generate");
    problem("/generate/early-generating", "{\"rows\": 1}", 503, "no checkpoint yet");
    problem("/generate/generating", "{\"rows\": 5000}", 400, "from 1 to 1000");
    problem("/generate/generating", "{\"rows\": 1, \"temperature\": -1}", 400, "temperature");
    problem("/generate/generating", "[]", 400, "must be a JSON object");
  }

  @Test
  void aRequestDuringARebalanceLeadsToItsRowsOnce() throws Exception {
    int requests = 6;
    int count = 1_000;
    TaskSpec task = task("rebalanced");
    try (BaseModel base = BaseModel.embedded()) {
      byte[] file = InferenceClient.fineTune(base, task, 1);
      client.task(task);
      client.checkpoint(client.manifest(task, 1, file, base.hash()));
    }
    for (int i = 0; i < requests; i++) {
      request("moved-" + i, "rebalanced", count, Map.of(), (long) i);
    }

    Map<String, Object> member =
        Map.of(
            ConsumerConfig.GROUP_ID_CONFIG,
            TOPICS.groups().generation(TOPICS.groups().inference()),
            ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
            CooperativeStickyAssignor.class.getName());
    try (KafkaConsumer<byte[], byte[]> other =
        KafkaClients.consumer(client.topics().settings(), member)) {
      other.subscribe(List.of(TOPICS.generate().name()));
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                other.poll(Duration.ofMillis(100)); // reads, and commits nothing
                return !other.assignment().isEmpty();
              });
    }

    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < requests; i++) {
        assertThat(rows("moved-" + i, count).stream().map(record -> row(record).number()))
            .containsExactlyElementsOf(IntStream.rangeClosed(1, count).boxed().toList());
      }
    }
  }

  private void rejected(
      Map<String, String> expected,
      String id,
      String task,
      int rows,
      Map<String, Object> given,
      String why) {
    request(id, task, rows, given, null);
    expected.put(id, why);
  }

  private static void problem(String path, String body, int status, String detail) {
    given()
        .contentType("application/json")
        .body(body)
        .post(path)
        .then()
        .statusCode(status)
        .body("detail", containsString(detail));
  }
}
