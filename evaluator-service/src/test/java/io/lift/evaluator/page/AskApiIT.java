package io.lift.evaluator.page;

import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.lift.core.answer.Answer;
import io.lift.core.calibration.CalibratedAnswer;
import io.lift.core.calibration.RowDraw;
import io.lift.core.task.CalibrationPolicy;
import io.lift.core.task.TargetRange;
import io.lift.evaluator.EvaluatorInput;
import io.lift.evaluator.WithBroker;
import io.lift.kafka.CompactedTable;
import io.lift.kafka.KafkaClients;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.Explanation;
import io.lift.messages.Explanation.Contribution;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.PredictionMessage;
import io.lift.messages.RollbackRequest;
import io.lift.messages.Topics;
import io.lift.testing.Loans;
import io.lift.testing.SampleMessages;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the page asks of other services; the test answers in their place, over Kafka. */
@QuarkusTest
@WithBroker
class AskApiIT {
  private static final Topics TOPICS = Topics.of("");
  private static final Duration SOON = Duration.ofSeconds(60);

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrap;

  private EvaluatorInput input;
  private volatile boolean stopped;

  @BeforeEach
  void connect() {
    input = new EvaluatorInput(bootstrap);
    await().atMost(SOON).until(() -> get("/q/health/group/page").statusCode() == 200);
  }

  @AfterEach
  void disconnect() {
    input.close();
  }

  @Test
  void aTriedRowComesBackWithItsPromptAndProbabilities() throws Exception {
    create("tried");
    Thread service = answering("tried");
    try {
      given()
          .body("{\"age\": 80, \"car\": \"vw\", \"approved\": \"no\"}")
          .post("/api/tasks/tried/try")
          .then()
          .statusCode(200)
          .body("explanation", equalTo(null))
          .body("prompt", equalTo("When we have age=83, car=vw, What is this approved? ###"))
          .body("label", equalTo("yes"))
          .body("probability", equalTo(0.75f))
          .body("probabilities.no", equalTo(0.25f))
          .body("labels", contains("yes"))
          .body("coverage", equalTo(0.8f))
          .body("abstained", equalTo(true))
          .body("version", equalTo(7));
      given()
          .body("{\"age\": 80, \"car\": \"vw\"}")
          .post("/api/tasks/tried/try?explain=true")
          .then()
          .statusCode(200)
          .body("explanation.columns[0].column", equalTo("age"))
          .body("explanation.columns[0].contribution", equalTo(0.25f))
          .body("explanation.base", equalTo(0.5f));
      given()
          .body("{\"age\": 80}")
          .post("/api/tasks/tried/try?explain=perhaps")
          .then()
          .statusCode(400)
          .body("detail", equalTo("explain is 'perhaps', but it must be true or false."));
    } finally {
      stopped = true;
      service.join();
    }
    get("/api/tasks/tried").then().body("predictions", hasSize(0));
  }

  @Test
  void aRowThatCannotBeIsRefusedBeforeItIsSent() {
    create("checked");
    given()
        .body("{\"age\": \"old\"}")
        .post("/api/tasks/checked/try")
        .then()
        .statusCode(400)
        .body("detail", containsString("age"));
    for (String body : List.of("", "[1]", "{\"age\":", "no")) {
      given().body(body).post("/api/tasks/checked/try").then().statusCode(400);
    }
    given().body("{\"age\": 1}").post("/api/tasks/nobody/try").then().statusCode(404);
  }

  @Test
  void aRollbackIsDoneByTheTrainerAndItsRefusalIsTold() {
    create("back");
    input.checkpoint(SampleMessages.manifest("back", 1));
    input.checkpoint(SampleMessages.manifest("back", 2));
    await()
        .atMost(SOON)
        .untilAsserted(() -> get("/api/tasks/back").then().body("lineage", hasSize(2)));
    try (CompactedTable<RollbackRequest> trainer =
        new CompactedTable<>(
            TOPICS.rollbacks(), Map.of("bootstrap.servers", bootstrap), this::fulfil)) {
      trainer.start();
      given()
          .body("{\"version\": 1}")
          .post("/api/tasks/back/rollback")
          .then()
          .statusCode(200)
          .body("state", equalTo("done"))
          .body("checkpoint.version", equalTo(3))
          .body("checkpoint.restored", equalTo(1));
      given()
          .body("{\"version\": 99}")
          .post("/api/tasks/back/rollback")
          .then()
          .statusCode(409)
          .body("detail", equalTo("There is no version 99."));
    }
    get("/api/tasks/back")
        .then()
        .body("card.checkpoint.restored", equalTo(1))
        .body("card.rollback.state", equalTo("failed"))
        .body("card.rollback.error", equalTo("There is no version 99."));
    given().body("{}").post("/api/tasks/back/rollback").then().statusCode(400);
    given().body("{\"version\":1}").post("/api/tasks/nobody/rollback").then().statusCode(404);
  }

  /** As the trainer would. */
  private void fulfil(String task, RollbackRequest request) {
    if (request == null || request.error() != null) {
      return;
    }
    if (request.version() > 2) {
      RollbackRequest rejected = request.failed("There is no version 99.");
      input.topics().send(TOPICS.rollbacks(), task, rejected);
      return;
    }
    CheckpointManifest next = SampleMessages.manifest(task, 3);
    String json = new String(Json.write(next)).replaceFirst("\\}$", ",\"restored\":1}");
    input.checkpoint(Json.read(json.getBytes(), CheckpointManifest.class));
    input.topics().send(TOPICS.rollbacks(), task, null);
  }

  private void create(String task) {
    input.create(Loans.approvals(task));
    await().atMost(SOON).until(() -> get("/api/tasks/" + task).statusCode() == 200);
  }

  /** As serializer and inference would. */
  private Thread answering(String task) {
    Map<String, Object> kafka = Map.of("bootstrap.servers", bootstrap);
    Consumer<byte[], byte[]> rows = KafkaClients.reader(kafka, Map.of());
    List<TopicPartition> partitions =
        rows.partitionsFor(TOPICS.rows().name()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    rows.assign(partitions);
    rows.seekToEnd(partitions);
    partitions.forEach(rows::position);
    Thread thread =
        new Thread(
            () -> {
              try (rows) {
                while (!stopped) {
                  rows.poll(Duration.ofMillis(100)).forEach(row -> answer(task, row));
                }
              }
            });
    thread.start();
    return thread;
  }

  private void answer(String task, ConsumerRecord<byte[], byte[]> row) {
    var headers = row.headers();
    if (!task.equals(HeaderValues.string(headers, Headers.TASK))) {
      return;
    }
    assertThat(HeaderValues.string(headers, Headers.USE)).isEqualTo(Headers.TRY);
    assertThat(HeaderValues.text(row.value())).isEqualTo("{\"age\":80,\"car\":\"vw\"}");
    PredictionMessage answer =
        new PredictionMessage(
            task,
            HeaderValues.text(row.key()),
            PredictionMessage.Status.ANSWERED,
            CalibratedAnswer.of(
                Answer.ofLabels("yes", Map.of("no", 0.25, "yes", 0.75)),
                Answer.Calibration.ofLabels(0.8, 40, 1.0, 0.5),
                new CalibrationPolicy(0.8, 0.9),
                RowDraw.NONE,
                TargetRange.ALL),
            new PredictionMessage.Checkpoint(7, null, Map.of()),
            "hash",
            null,
            new PredictionMessage.Timings(1, 1, 1),
            null);
    if (HeaderValues.explains(headers)) {
      List<Contribution> columns = List.of(new Contribution("age", 80, 0.25));
      answer =
          answer.explained(
              new Explanation(
                  columns, 0.5, Explanation.Replacement.MISSING, 32, 2, 1.0, null, null));
    }
    ProducerRecord<byte[], byte[]> reply =
        new ProducerRecord<>(
            HeaderValues.string(headers, Headers.REPLY_TOPIC), row.key(), Json.write(answer));
    HeaderValues.add(
        reply.headers(),
        Headers.CORRELATION_ID,
        HeaderValues.string(headers, Headers.CORRELATION_ID));
    input.topics().send(reply);
  }
}
