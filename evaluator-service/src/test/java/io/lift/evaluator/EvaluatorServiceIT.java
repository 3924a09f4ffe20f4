package io.lift.evaluator;

import static io.lift.messages.HeaderValues.bytes;
import static io.restassured.RestAssured.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import io.lift.core.task.TaskSpec;
import io.lift.kafka.KafkaClients;
import io.lift.messages.DeadLetters;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.PromptMessage;
import io.lift.messages.Topics;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole service on a real broker. */
@QuarkusTest
@WithBroker
class EvaluatorServiceIT {
  private static final Topics TOPICS = Topics.of("");
  private static final Duration SOON = Duration.ofSeconds(60);

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrap;

  private EvaluatorInput input;

  @BeforeEach
  void connect() {
    input = new EvaluatorInput(bootstrap);
    await().atMost(SOON).until(() -> get("/q/health/ready").statusCode() == 200);
  }

  @AfterEach
  void disconnect() {
    input.close();
  }

  @Test
  void metricsOfScoredRowsAreServedAndMeasured() {
    create("loans");
    RecordMetadata trainedOn = null;
    for (int i = 0; i < 40; i++) {
      trainedOn = input.prompt("loans", "row" + i, i % 4 == 0 ? "no" : "yes");
    }
    for (int i = 0; i < 39; i++) {
      input.predict("loans", "row" + i, "yes", 1, Map.of());
    }
    input.predict(
        "loans", "row39", "yes", 2, Map.of(trainedOn.partition(), trainedOn.offset() + 1));
    input.label("loans", "test", "yes");
    input.predict("loans", "test", "yes", 2, Map.of(trainedOn.partition(), trainedOn.offset() + 1));

    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                get("/metrics/loans")
                    .then()
                    .statusCode(200)
                    .body("total.count", equalTo(40f))
                    .body("leaked", equalTo(1))
                    .body("calibration.rows", equalTo(40)));
    get("/metrics/loans")
        .then()
        .body("type", equalTo("classification"))
        .body("rolling.accuracy", equalTo(30 / 40f))
        .body("rolling.majority", equalTo(30 / 40f))
        .body("checkpoints.'1'.count", equalTo(39f))
        .body("checkpoints.'2'.accuracy", equalTo(1f));
    get("/metrics").then().statusCode(200).body("loans.total.count", equalTo(40f));
    get("/q/metrics")
        .then()
        .body(containsString("lift_service_up{application=\"lift-evaluator\"} 1.0"))
        .body(containsString("lift_rolling_accuracy{task=\"loans\"} 0.75"))
        .body(containsString("lift_scored_total{task=\"loans\"} 40.0"))
        .body(containsString("lift_leaked_total{task=\"loans\"} 1.0"))
        .body(containsString("lift_calibration_cutoff{task=\"loans\"} 0.2"))
        .body(containsString("lift_calibration_temperature{task=\"loans\"}"));
  }

  @Test
  void aTaskNobodyKnowsIsNotFoundAndTheAnswerSaysSo() {
    get("/metrics/nobody")
        .then()
        .statusCode(404)
        .body("detail", containsString("there is no task nobody"));
  }

  @Test
  void aDeletedTaskIsNotFoundAnyMore() {
    create("gone");
    await().atMost(SOON).until(() -> get("/metrics/gone").statusCode() == 200);

    input.topics().send(TOPICS.tasks(), "gone", null);

    await().atMost(SOON).until(() -> get("/metrics/gone").statusCode() == 404);
  }

  @Test
  void aBadRecordGoesToTheDeadLettersAndTheNextOneIsScored() {
    create("bad");
    input.topics().send(TOPICS.predictions(), "x", "{\"task\":".getBytes(StandardCharsets.UTF_8));
    input.predict("bad", "a", "yes", 0, Map.of());
    input.label("bad", "a", "yes");

    await()
        .atMost(SOON)
        .untilAsserted(
            () -> get("/metrics/bad").then().statusCode(200).body("total.count", equalTo(1f)));
    assertThat(
            input
                .topics()
                .read(TOPICS.deadLetters(), 1, letter -> text(letter).equals("{\"task\":")))
        .extracting(ConsumerRecord::value)
        .containsExactly("{\"task\":".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aRowAndItsLabelThatComeApartBecomeOneTrainingExampleAndAreScored() {
    create("apart");
    input.labelAlone("apart", "early", "no");
    input.rowAlone("apart", "early");
    input.rowAlone("apart", "late");
    input.predict("apart", "late", "yes", 0, Map.of());
    input.predict("apart", "early", "yes", 0, Map.of());
    input.labelAlone("apart", "late", "yes");
    input.rowAlone("apart", "late");

    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                get("/metrics/apart")
                    .then()
                    .statusCode(200)
                    .body("total.count", equalTo(2f))
                    .body("joined", equalTo(2)));
    assertThat(
            input.topics().read(TOPICS.prompts(), 2, record -> text(record).contains("\"apart\"")))
        .extracting(record -> Json.read(record.value(), PromptMessage.class))
        .extracting(PromptMessage::row, PromptMessage::completion)
        .containsExactlyInAnyOrder(tuple("early", "no@@@"), tuple("late", "yes@@@"));
  }

  @Test
  void ofAHugeCompressedRecordOnlyTheBeginningIsRead() {
    Map<String, Object> large =
        Map.of(
            "compression.type", "zstd", "max.request.size", 100_000_000, "buffer.memory", 1 << 28);
    try (KafkaProducer<byte[], byte[]> producer =
        KafkaClients.producer(Map.of("bootstrap.servers", bootstrap), large)) {
      producer.send(
          new ProducerRecord<>(TOPICS.labels().name(), bytes("huge"), new byte[40_000_000]));
    }

    assertThat(
            input
                .topics()
                .read(
                    TOPICS.deadLetters(),
                    1,
                    letter ->
                        "40000000"
                            .equals(HeaderValues.string(letter.headers(), Headers.ERROR_SIZE))))
        .extracting(letter -> letter.value().length)
        .containsExactly(DeadLetters.KEPT_VALUE);
  }

  @Test
  void recordsThatNobodyCanUseStopNothing() {
    create("mixed");
    String huge = "x".repeat(600_000);
    input.prompt("mixed", huge, "yes");
    for (String internal : List.of("join-inputs", "outcomes")) {
      String topic = "lift-evaluator-" + internal + "-repartition";
      input.topics().send(new ProducerRecord<>(topic, bytes("mixed/a"), bytes("junk")));
    }
    input.predict("mixed", "a", "yes", 0, Map.of());
    input.label("mixed", "a", "yes");

    await()
        .atMost(SOON)
        .untilAsserted(
            () -> get("/metrics/mixed").then().statusCode(200).body("total.count", equalTo(1f)));
    assertThat(input.topics().read(TOPICS.deadLetters(), 3, EvaluatorServiceIT::isMixed))
        .extracting(EvaluatorServiceIT::reason)
        .containsExactlyInAnyOrder("too-large", "internal", "internal");
  }

  @Test
  void readinessSaysWhereScoringIsStuck() {
    create("stuck");
    await().atMost(SOON).until(() -> get("/metrics/stuck").statusCode() == 200);
    String size = "max.message.bytes";
    input.topics().configure(TOPICS.deadLetters(), size, "100");
    RecordMetadata bad = input.topics().send(TOPICS.labels(), "x", bytes("no json"));

    await()
        .dontCatchUncaughtExceptions() // a stream thread that fails is replaced
        .atMost(SOON)
        .untilAsserted(
            () ->
                get("/q/health/ready")
                    .then()
                    .statusCode(503)
                    .body(containsString("stuck at " + bad.topic() + "-" + bad.partition())));
    get("/q/health/live").then().statusCode(200);
    get("/q/metrics").then().body(matchesPattern("(?s).*lift_stuck_seconds\\{[^}]*} [23].*"));
    input.topics().configure(TOPICS.deadLetters(), size, TOPICS.deadLetters().configs().get(size));
    input.predict("stuck", "a", "yes", 0, Map.of());
    input.label("stuck", "a", "yes");

    await()
        .dontCatchUncaughtExceptions()
        .atMost(SOON)
        .untilAsserted(
            () -> get("/metrics/stuck").then().statusCode(200).body("total.count", equalTo(1f)));
    await()
        .dontCatchUncaughtExceptions()
        .atMost(SOON)
        .until(() -> get("/q/health/ready").statusCode() == 200);
  }

  private static boolean isMixed(ConsumerRecord<?, byte[]> letter) {
    return text(letter).contains("mixed") || text(letter).equals("junk");
  }

  private static String text(ConsumerRecord<?, byte[]> record) {
    return new String(record.value(), StandardCharsets.UTF_8);
  }

  private static String reason(ConsumerRecord<?, byte[]> letter) {
    return HeaderValues.string(letter.headers(), Headers.ERROR_REASON);
  }

  private void create(String task) {
    byte[] spec =
        """
        {"name": "%s", "version": 1, "type": "classification",
         "features": [{"name": "x", "type": "text"}],
         "target": {"name": "y", "type": "category", "categories": ["no", "yes"]}}
        """
            .formatted(task)
            .getBytes(StandardCharsets.UTF_8);
    assertThat(Json.read(spec, TaskSpec.class).labels()).containsExactly("no", "yes");
    input.topics().send(TOPICS.tasks(), task, spec);
  }
}
