package io.lift.evaluator.page;

import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import io.lift.core.task.Column;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.evaluator.EvaluatorInput;
import io.lift.evaluator.WithBroker;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Topics;
import io.lift.messages.TrainingProgress;
import io.lift.testing.Loans;
import io.lift.testing.SampleMessages;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the page asks and hears, from the running service on a real broker. */
@QuarkusTest
@WithBroker
class PageApiIT {
  private static final Topics TOPICS = Topics.of("");
  private static final Duration SOON = Duration.ofSeconds(60);

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrap;

  @TestHTTPResource("/api/stream")
  URI stream;

  private EvaluatorInput input;

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
  void aTaskIsShownWithAllThatIsKnownOfIt() {
    input.create(Loans.approvals("shown"));
    for (int i = 0; i < 20; i++) {
      input.prompt("shown", "r" + i, i % 4 == 0 ? "no" : "yes");
      input.predict("shown", "r" + i, "yes", 1);
    }
    input.predict("shown", "unlabelled", "no", 2);
    input.checkpoint(SampleMessages.manifest("shown", 1));
    input.checkpoint(SampleMessages.manifest("shown", 2));
    progress("shown", TrainingProgress.State.TRAINING, 3, 4, 0.5);

    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                get("/api/tasks/shown")
                    .then()
                    .statusCode(200)
                    .body("card.scored", equalTo(20))
                    .body("card.predictions", equalTo(21))
                    .body("charts.history", hasSize(2)));
    get("/api/tasks/shown")
        .then()
        .body("card.rows", equalTo(21))
        .body("card.headline.rolling", equalTo(0.75f))
        .body("card.headline.rollingBaseline", equalTo(0.75f))
        .body("card.checkpoint.version", equalTo(2))
        .body("card.trainer.state", equalTo("training"))
        .body("card.trainer.step", equalTo(4))
        .body("card.waiting", equalTo(7))
        .body("spec.features[0].name", equalTo("age"))
        .body("metrics.rolling.accuracy", equalTo(0.75f))
        .body("charts.confusion.counts", equalTo(List.of(List.of(0, 5), List.of(0, 15))))
        .body("round.points[0].loss", equalTo(0.5f))
        .body("lineage.version", equalTo(List.of(2, 1)))
        .body("lineage[0].current", equalTo(true))
        .body("lineage[1].canRestore", equalTo(true))
        .body("lineage[1].scored.count", equalTo(20f))
        .body("predictions", hasSize(21))
        .body("predictions.find { it.row == 'unlabelled' }.truth", nullValue())
        .body("predictions.find { it.row == 'r0' }.truth", equalTo("no"))
        .body("predictions.find { it.row == 'r0' }.right", equalTo(false));
    get("/api/tasks")
        .then()
        .body("ready", equalTo(true))
        .body("tasks.task", hasItem("shown"))
        .body("tasks.find { it.task == 'shown' }.target", equalTo("approved"));
  }

  @Test
  void aTaskNobodyKnowsIsNotFoundInOneSentence() {
    get("/api/tasks/nobody")
        .then()
        .statusCode(404)
        .body("detail", equalTo("There is no task 'nobody'."));
  }

  @Test
  void whatHappensIsPushed() throws Exception {
    input.create(Loans.approvals("pushed"));
    try (Events events = new Events(URI.create(stream + "?task=pushed"))) {
      assertThat(events.contentType()).startsWith("text/event-stream");
      await().atMost(SOON).until(() -> !events.named("task").isEmpty());
      assertThat(events.named("tasks").get(0).get("ready").asBoolean()).isTrue();
      assertThat(events.named("alive")).isNotEmpty();

      input.predict("pushed", "a", "yes", 1);
      await().atMost(SOON).until(() -> predictions(events).size() == 1);
      assertThat(predictions(events).get(0).get("row").asText()).isEqualTo("a");
      assertThat(predictions(events).get(0).has("truth")).isFalse();

      input.prompt("pushed", "a", "no");
      await().atMost(SOON).until(() -> predictions(events).size() == 2);
      assertThat(predictions(events).get(1).get("truth").asText()).isEqualTo("no");
      await()
          .atMost(SOON)
          .until(
              () ->
                  events.named("metrics").stream()
                      .anyMatch(each -> each.at("/metrics/total/count").asInt() == 1));

      input.checkpoint(SampleMessages.manifest("pushed", 1));
      await().atMost(SOON).until(() -> !events.named("lineage").isEmpty());
      progress("pushed", TrainingProgress.State.TRAINING, 2, 1, 0.9);
      await().atMost(SOON).until(() -> !events.named("round").isEmpty());

      input.topics().send(TOPICS.tasks(), "pushed", null);
      await()
          .atMost(SOON)
          .until(() -> events.named("task").stream().anyMatch(each -> each.has("gone")));
    }
  }

  private static List<JsonNode> predictions(Events events) {
    return events.named("predictions").stream()
        .flatMap(list -> java.util.stream.StreamSupport.stream(list.spliterator(), false))
        .toList();
  }

  @Test
  void deadLettersTellWhyAndTheStartOfWhatTheyWere() {
    input.create(Loans.approvals("letters"));
    ProducerRecord<byte[], byte[]> letter =
        new ProducerRecord<>(
            TOPICS.deadLetters().name(),
            "k".getBytes(),
            ("<script>" + "x".repeat(5000)).getBytes());
    HeaderValues.add(letter.headers(), Headers.ERROR_TASK, "letters");
    HeaderValues.add(letter.headers(), Headers.ERROR_MESSAGE, "it is <b>bad</b>");
    HeaderValues.add(letter.headers(), Headers.ERROR_PARTITION, "2");
    HeaderValues.add(letter.headers(), Headers.ERROR_OFFSET, "12");
    input.topics().send(letter);

    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                get("/api/dead-letters?task=letters")
                    .then()
                    .body("$", hasSize(1))
                    .body("[0].message", equalTo("it is <b>bad</b>"))
                    .body("[0].offset", equalTo(12))
                    .body("[0].value.length()", equalTo(200)));
    get("/api/dead-letters?task=other").then().body("$", hasSize(0));
    await()
        .atMost(SOON)
        .untilAsserted(() -> get("/api/tasks/letters").then().body("card.deadLetters", equalTo(1)));
  }

  @Test
  void scriptInNamesAndLabelsStaysTextInJson() {
    String script = "<script>alert(1)</script>";
    input.create(
        new TaskSpec(
            "scripted",
            1,
            TaskType.CLASSIFICATION,
            List.of(Column.text(script)),
            Column.category("\"><img src=x onerror=alert(1)>", List.of(script, "</script>")),
            null,
            null,
            null,
            null,
            null));
    input
        .topics()
        .send(
            TOPICS.predictions(),
            script,
            ("{\"task\":\"scripted\",\"row\":\"<script>\",\"status\":\"failed\",\"message\":\""
                    + script
                    + "\"}")
                .getBytes());

    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                get("/api/tasks/scripted")
                    .then()
                    .statusCode(200)
                    .contentType("application/json")
                    .header("X-Content-Type-Options", "nosniff")
                    .header("Content-Security-Policy", containsString("default-src 'none'"))
                    .body("spec.features[0].name", equalTo(script))
                    .body("predictions[0].message", equalTo(script)));
    get("/api/tasks/%3Cscript%3E").then().statusCode(404).contentType("application/problem+json");
  }

  @Test
  void anotherSitesPageIsTurnedAway() {
    given()
        .header("Origin", "http://evil.example")
        .contentType("text/plain")
        .body("{}")
        .post("/api/tasks/any/try")
        .then()
        .statusCode(403)
        .body("detail", notNullValue());
    given().header("Host", "evil.example").get("/api/tasks").then().statusCode(403);
  }

  private void progress(
      String task, TrainingProgress.State state, long version, int step, double loss) {
    TrainingProgress progress =
        new TrainingProgress(
            task, "t", state, version, step, 10, loss, 7, 0, System.currentTimeMillis());
    input.topics().send(TOPICS.training(), task, progress);
  }
}
