package io.lift.evaluator;

import static io.lift.messages.HeaderValues.bytes;
import static io.restassured.RestAssured.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.lift.core.answer.Answer;
import io.lift.core.task.Column;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.messages.CalibrationMessage;
import io.lift.messages.EventMessage;
import io.lift.messages.EventMessage.Kind;
import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PredictionMessage.Predictor;
import io.lift.messages.RollbackRequest;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import io.lift.testing.SampleMessages;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Drifts and checkpoints that stay worse, on a real broker. */
@QuarkusTest
@WithBroker
class DriftIT {
  private static final Topics TOPICS = Topics.of("");
  private static final Duration SOON = Duration.ofSeconds(60);

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrap;

  private EvaluatorInput input;
  private int rows;

  @BeforeEach
  void connect() {
    input = new EvaluatorInput(bootstrap);
    await().atMost(SOON).until(() -> get("/q/health/ready").statusCode() == 200);
  }

  @AfterEach
  void disconnect() {
    input.close();
  }

  private void create(String task) {
    input.create(
        new TaskSpec(
            task,
            1,
            TaskType.CLASSIFICATION,
            List.of(Column.text("x")),
            Column.category("y", List.of("no", "yes")),
            null,
            null,
            null,
            null,
            null));
  }

  private static Predictor predictor(String name, double ofYes) {
    return new Predictor(name, 0.5, List.of(1 - ofYes, ofYes), null, null);
  }

  /** Rows that are answered yes; waits until they are scored. Returns the offset of the last. */
  private long answer(String task, int count, String truth, long at, Predictor... predictors) {
    Map<String, Double> probabilities = new LinkedHashMap<>();
    probabilities.put("no", 0.2);
    probabilities.put("yes", 0.8);
    long last = 0;
    for (int i = 0; i < count; i++, rows++) {
      String row = "row" + rows;
      PredictionMessage prediction =
          new PredictionMessage(
              task,
              row,
              PredictionMessage.Status.ANSWERED,
              Answer.ofLabels("yes", probabilities),
              new PredictionMessage.Checkpoint(8, null, Map.of()),
              "hash",
              null,
              new PredictionMessage.Timings(3, 1, 1),
              null,
              null,
              null,
              new PredictionMessage.Support(0, 0, 0, 8),
              List.of(predictors));
      String topic = TOPICS.predictions().name();
      input
          .topics()
          .send(new ProducerRecord<>(topic, null, at, bytes(row), Json.write(prediction)));
      byte[] prompt = Json.write(SampleMessages.prompt(task, row, truth));
      last =
          input
              .topics()
              .send(new ProducerRecord<>(TOPICS.prompts().name(), null, at, bytes(task), prompt))
              .offset();
    }
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                get("/metrics/" + task)
                    .then()
                    .statusCode(200)
                    .body("total.count", equalTo((float) rows)));
    return last;
  }

  private <V> List<V> messages(Topic<V> topic, String task) {
    return input.topics().read(topic).stream()
        .filter(record -> record.value() != null)
        .filter(record -> task.equals(HeaderValues.text(record.key())))
        .map(record -> Json.read(record.value(), topic.valueType()))
        .toList();
  }

  @Test
  void aDriftIsWrittenOnceAndTheSupportSetBeginsWhereItBegan() {
    create("drifting");
    Predictor[] predictors = {predictor("context-64", 0.9), predictor("frequencies", 0.5)};
    long now = System.currentTimeMillis();
    long last = answer("drifting", 300, "yes", now, predictors);
    assertThat(messages(TOPICS.events(), "drifting")).isEmpty();

    answer("drifting", 100, "no", now, predictors);

    await().atMost(SOON).until(() -> messages(TOPICS.events(), "drifting").size() == 2);
    List<EventMessage> events = messages(TOPICS.events(), "drifting");
    assertThat(events).extracting(EventMessage::kind).containsExactly(Kind.DRIFT, Kind.SHORTENED);
    EventMessage drift = events.get(0);
    assertThat(drift.before()).isEqualTo(1);
    assertThat(drift.after()).isLessThan(0.5);
    assertThat(drift.since().offset()).isBetween(last - 30, last + 60);
    assertThat(drift.detected().offset()).isGreaterThan(last);
    assertThat(drift.detected().partition()).isEqualTo(drift.since().partition());
    assertThat(messages(TOPICS.calibration(), "drifting"))
        .extracting(CalibrationMessage::since)
        .contains(drift.since());
  }

  @Test
  void aCheckpointThatStaysWorseIsToBeRolledBack() {
    create("worse");
    Predictor[] predictors = {predictor("checkpoint-7", 0.8), predictor("checkpoint-8", 0.6)};
    long begin = System.currentTimeMillis() - 120_000;
    answer("worse", 199, "yes", begin, predictors);
    assertThat(messages(TOPICS.rollbacks(), "worse")).isEmpty();

    answer("worse", 1, "yes", begin + 60_000, predictors);

    await().atMost(SOON).until(() -> !messages(TOPICS.rollbacks(), "worse").isEmpty());
    RollbackRequest request = messages(TOPICS.rollbacks(), "worse").get(0);
    assertThat(request.version()).isEqualTo(7);
    assertThat(request.worse().version()).isEqualTo(8);
    assertThat(request.worse().rows()).isEqualTo(200);
    assertThat(request.worse().loss()).isGreaterThan(request.worse().earlierLoss());
  }
}
