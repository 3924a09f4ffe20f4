package io.lift.evaluator;

import static io.restassured.RestAssured.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.lift.core.answer.Answer;
import io.lift.core.task.TaskSpec;
import io.lift.kafka.KafkaClients;
import io.lift.messages.Json;
import io.lift.messages.LabelMessage;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PromptMessage;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole service on a real broker. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class EvaluatorServiceIT {
  private static final Topics TOPICS = Topics.of("");
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Answer YES = Answer.ofLabels("yes", Map.of("no", 0.25, "yes", 0.75));

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrap;

  private KafkaProducer<byte[], byte[]> producer;

  @BeforeEach
  void connect() {
    producer = KafkaClients.producer(kafka(), Map.of());
    await().atMost(SOON).until(() -> get("/q/health/ready").statusCode() == 200);
  }

  @AfterEach
  void disconnect() {
    producer.close();
  }

  @Test
  void metricsOfScoredRowsAreServedAndMeasured() {
    create("loans");
    RecordMetadata trainedOn = null;
    for (int i = 0; i < 40; i++) {
      trainedOn = prompt("loans", "row" + i, i % 4 == 0 ? "no" : "yes");
    }
    for (int i = 0; i < 39; i++) {
      predict("loans", "row" + i, 1, Map.of());
    }
    predict("loans", "row39", 2, Map.of(trainedOn.partition(), trainedOn.offset() + 1));
    label("loans", "test", "yes");
    predict("loans", "test", 2, Map.of(trainedOn.partition(), trainedOn.offset() + 1));

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
        .body(containsString("lift_rolling_accuracy{task=\"loans\"} 0.75"))
        .body(containsString("lift_scored_total{task=\"loans\"} 40.0"))
        .body(containsString("lift_leaked_total{task=\"loans\"} 1.0"))
        .body(containsString("lift_calibration_cutoff{task=\"loans\"} 0.25"))
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

    send(TOPICS.tasks(), "gone", null);

    await().atMost(SOON).until(() -> get("/metrics/gone").statusCode() == 404);
  }

  @Test
  void aBadRecordGoesToTheDeadLettersAndTheNextOneIsScored() {
    create("bad");
    send(TOPICS.predictions(), "x", "{\"task\":".getBytes(StandardCharsets.UTF_8));
    predict("bad", "a", 0, Map.of());
    label("bad", "a", "yes");

    await()
        .atMost(SOON)
        .untilAsserted(
            () -> get("/metrics/bad").then().statusCode(200).body("total.count", equalTo(1f)));
    try (KafkaConsumer<byte[], byte[]> consumer = KafkaClients.reader(kafka(), Map.of())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(TOPICS.deadLetters().name()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(consumer.poll(Duration.ofMillis(200)))
                      .extracting(ConsumerRecord::value)
                      .containsExactly("{\"task\":".getBytes(StandardCharsets.UTF_8)));
    }
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
    send(TOPICS.tasks(), task, spec);
  }

  private RecordMetadata prompt(String task, String row, String label) {
    PromptMessage prompt =
        new PromptMessage(task, 1, row, "x ###", new int[0], label + "@@@", label, null);
    return send(TOPICS.prompts(), task, Json.write(prompt));
  }

  private void label(String task, String row, String label) {
    send(TOPICS.labels(), row, Json.write(new LabelMessage(task, row, label, null)));
  }

  private void predict(String task, String row, long version, Map<Integer, Long> trainedTo) {
    PredictionMessage message =
        new PredictionMessage(
            task,
            row,
            PredictionMessage.Status.ANSWERED,
            YES,
            new PredictionMessage.Checkpoint(version, null, trainedTo),
            "hash",
            null,
            new PredictionMessage.Timings(3, 1, 1),
            null);
    send(TOPICS.predictions(), row, Json.write(message));
  }

  private RecordMetadata send(Topic<?> topic, String key, byte[] value) {
    try {
      return producer
          .send(new ProducerRecord<>(topic.name(), key.getBytes(StandardCharsets.UTF_8), value))
          .get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private Map<String, Object> kafka() {
    return Map.of("bootstrap.servers", bootstrap);
  }
}
