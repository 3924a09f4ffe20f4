package io.lift.inference;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.lift.core.answer.Answer;
import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.CalibrationPolicy;
import io.lift.core.task.TaskSpec;
import io.lift.messages.CalibrationMessage;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.Origin;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PredictionMessage.Status;
import io.lift.messages.RequestMessage;
import io.lift.testing.Loans;
import io.lift.testing.TopicClient;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** How requests are answered, refused and timed by the whole service. */
@QuarkusTest
@WithBroker
class InferenceServiceIT extends InferenceFixture {
  @Test
  void aRequestIsAnsweredByTheCurrentCheckpointWithAProbabilityForEachLabel() throws Exception {
    TaskSpec task = Loans.risks("answered", 1, BeforeFirstCheckpoint.BASE);
    CheckpointManifest manifest = publish(task, 1, InferenceClient.fineTune(base, task, 1));
    awaitVersion(task, 1);

    client.ask(task, "r1");

    PredictionMessage prediction = only(task);
    assertThat(prediction.status()).isEqualTo(Status.ANSWERED);
    assertThat(prediction.row()).isEqualTo("r1");
    assertThat(prediction.answer().probabilities()).containsOnlyKeys("low", "high");
    assertThat(prediction.answer().probabilities().values().stream().mapToDouble(p -> p).sum())
        .isCloseTo(1, Assertions.within(1e-6));
    assertThat(prediction.checkpoint().version()).isEqualTo(1);
    assertThat(prediction.checkpoint().sha256()).isEqualTo(manifest.sha256());
    assertThat(prediction.checkpoint().trainedTo()).containsExactly(Map.entry(3, 64L));
    assertThat(prediction.templateHash()).isEqualTo(manifest.templateHash());
    assertThat(prediction.origin().topic()).isEqualTo("lift.rows");
    assertThat(prediction.timings().batch()).isEqualTo(1);
  }

  @Test
  void theLatencyOfAReplayIsNotTheAgeOfItsRows() throws Exception {
    TaskSpec task = Loans.risks("replayed", 1, BeforeFirstCheckpoint.BASE);
    client.task(task);
    for (long time : new long[] {0, 4_102_444_800_000L}) { // 1970 and 2100
      RequestMessage asked = client.request(task, "r" + time);
      RequestMessage replayed =
          new RequestMessage(
              asked.task(),
              asked.taskVersion(),
              asked.row(),
              asked.prompt(),
              asked.grid(),
              new Origin("lift.rows", 0, 0, time),
              null,
              List.of("income"),
              null,
              null,
              List.of("age"),
              null);
      client
          .topics()
          .send(
              new ProducerRecord<>(
                  TOPICS.requests().name(), null, time, null, Json.write(replayed), List.of()));
    }

    assertThat(client.predictions(task.name(), 2))
        .hasSize(2)
        .allSatisfy(
            prediction -> {
              assertThat(prediction.timings().queued()).isBetween(0.0, 60_000.0);
              assertThat(prediction.missing()).containsExactly("income");
              assertThat(prediction.extrapolated()).containsExactly("age");
            });
  }

  @Test
  void answersAreCalibratedByWhatTheEvaluatorHasLearnedOfTheCheckpoints() throws Exception {
    TaskSpec task =
        Loans.risks("calibrated", 1, BeforeFirstCheckpoint.BASE).toBuilder()
            .calibration(new CalibrationPolicy(0.8, 1.0))
            .build();
    publish(task, 1, InferenceClient.fineTune(base, task, 1));
    awaitVersion(task, 1);
    client.ask(task, "own");
    Answer own = only(task).answer();
    assertThat(own.calibration()).isNull();
    assertThat(own.labels()).isNull();
    assertThat(own.answered()).as("a probability below 1").isFalse();

    Answer.Calibration learned = Answer.Calibration.ofLabels(0.8, 40, 2.0, 0.0);
    client.calibration(new CalibrationMessage("calibrated", 0, 0, learned)); // of the base model
    client.calibration(new CalibrationMessage("calibrated", 1, 0, learned));
    String row = "{\"age\": 30, \"income\": 10}";
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                given()
                    .contentType("application/json")
                    .body(row)
                    .post("/predict/calibrated")
                    .then()
                    .body("answer.labels.size()", equalTo(2)));
    client.ask(task, "own"); // the same row again

    Answer given =
        client.predictions(task.name(), 2).stream()
            .map(PredictionMessage::answer)
            .filter(answer -> answer.calibration() != null)
            .findFirst()
            .orElseThrow();
    assertThat(given.calibration()).isEqualTo(learned);
    assertThat(given.labels()).containsExactlyInAnyOrder("low", "high");
    double ratio = own.probabilities().get("low") / own.probabilities().get("high");
    assertThat(given.probabilities().get("low") / given.probabilities().get("high"))
        .isCloseTo(Math.sqrt(ratio), Assertions.within(1e-4));
  }

  @Test
  void requestsThatCannotBeReadGoToTheDeadLettersAndUnknownTasksFail() throws Exception {
    client.topics().send(TopicClient.record(TOPICS.requests(), "k", "no json"));
    client.topics().send(TOPICS.requests(), "k", null);
    client.topics().send(TopicClient.record(TOPICS.requests(), "k", "{\"row\":\"x\"}"));
    client.ask(Loans.risks("never-made", 1, null), "r1");

    assertThat(
            client.topics().read(TOPICS.deadLetters(), 3, InferenceServiceIT::wasRequest).stream()
                .map(r -> HeaderValues.string(r.headers(), Headers.ERROR_REASON)))
        .containsExactlyInAnyOrder("invalid-json", "null-value", "no-task");
    PredictionMessage prediction = client.predictions("never-made", 1).get(0);
    assertThat(prediction.status()).isEqualTo(Status.FAILED);
    assertThat(prediction.message()).isEqualTo("unknown-task: there is no task never-made");
  }

  @Test
  void httpAnswersOneRowOrAListAndSaysWhatIsWrong() throws Exception {
    TaskSpec task = Loans.risks("http", 1, BeforeFirstCheckpoint.BASE);
    publish(task, 1, InferenceClient.fineTune(base, task, 1));
    awaitVersion(task, 1);
    TaskSpec waiting = Loans.risks("http-waits", 1, BeforeFirstCheckpoint.WAIT);
    client.task(waiting);
    await().until(() -> registry.task("http-waits").isPresent());

    given()
        .contentType("application/json")
        .body("{\"age\": 30, \"income\": 10}")
        .when()
        .post("/predict/http")
        .then()
        .statusCode(200)
        .body("task", equalTo("http"))
        .body("status", equalTo("answered"))
        .body("checkpoint.version", equalTo(1))
        .body("answer.probabilities.size()", equalTo(2));
    given()
        .contentType("application/json")
        .body("[{\"age\": 30}, {\"income\": 10, \"age\": 1}]")
        .when()
        .post("/predict/http")
        .then()
        .statusCode(200)
        .body("size()", equalTo(2))
        .body("[0].missing", equalTo(List.of("income")));
    problem("/predict/http", "{\"age\": \"old\"}", 400, "age");
    problem("/predict/http", "[{\"age\": 3}, {\"age\": \"old\"}]", 400, "row 1");
    problem("/predict/http", "{\"age\": ", 400, "not JSON");
    problem("/predict/http", "[1]", 400, "array of JSON objects");
    problem("/predict/nobody", "{\"age\": 3}", 404, "nobody");
    problem("/predict/http", " ".repeat(2_000_000), 413, "bytes");
    problem("/predict/http", "[" + "{},".repeat(1_000) + "{}]", 413, "1000 rows");
    problem("/predict/http-waits", "{\"age\": 3}", 503, "no checkpoint yet");
    RestAssured.get("/models")
        .then()
        .statusCode(200)
        .body("find { it.task == 'http' }.version", equalTo(1));
  }

  private static boolean wasRequest(ConsumerRecord<byte[], byte[]> letter) {
    return TOPICS
        .requests()
        .name()
        .equals(HeaderValues.string(letter.headers(), Headers.ERROR_TOPIC));
  }

  private static void problem(String path, String body, int status, String detail) {
    given()
        .contentType("application/json")
        .body(body)
        .when()
        .post(path)
        .then()
        .statusCode(status)
        .contentType(containsString("application/problem+json"))
        .body("status", equalTo(status))
        .body("detail", containsString(detail));
  }
}
