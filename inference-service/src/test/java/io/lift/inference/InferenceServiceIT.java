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
import io.lift.core.task.TemplateSpec;
import io.lift.inference.models.ModelRegistry;
import io.lift.messages.CalibrationMessage;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.Origin;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PredictionMessage.Status;
import io.lift.messages.RequestMessage;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import io.lift.model.BaseModel;
import io.lift.testing.Loans;
import io.lift.testing.TopicClient;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.assertj.core.api.Assertions;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole service on a real broker with real models. */
@QuarkusTest
@WithBroker
class InferenceServiceIT {
  private static final Topics TOPICS = Topics.of("");
  private static BaseModel base;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrap;

  @Inject ModelRegistry registry;

  private InferenceClient client;

  @BeforeAll
  static void openBase() {
    base = BaseModel.embedded();
  }

  @AfterAll
  static void closeBase() {
    base.close();
  }

  @BeforeEach
  void awaitReady() {
    client = InferenceClient.ready(bootstrap);
  }

  @AfterEach
  void closeClient() {
    client.close();
  }

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
  void aRequesterLearnsWhyItsRowWasRejected() {
    Topic<byte[]> replies = client.topics().create("rejections", byte[].class, 1);
    RequestMessage rejected =
        new RequestMessage(
            "none",
            0,
            "r",
            null,
            null,
            new Origin("lift.rows", 0, 0, 0),
            "wrong-type: it is bad",
            null,
            null,
            null,
            null,
            null);
    client
        .topics()
        .send(
            TOPICS.requests(),
            "r",
            rejected,
            TopicClient.header(Headers.USE, Headers.TRY),
            TopicClient.header(Headers.SPRING_REPLY_TOPIC, "rejections"),
            TopicClient.header(Headers.SPRING_CORRELATION_ID, "c"));

    assertThat(client.topics().read(replies, 1, record -> true))
        .singleElement()
        .satisfies(
            reply -> {
              PredictionMessage answer = InferenceClient.prediction(reply);
              assertThat(answer.status()).isEqualTo(Status.FAILED);
              assertThat(answer.message()).isEqualTo("wrong-type: it is bad");
              assertThat(HeaderValues.string(reply.headers(), Headers.SPRING_CORRELATION_ID))
                  .isEqualTo("c");
            });
    assertThat(client.topics().read(TOPICS.predictions()))
        .noneMatch(record -> InferenceClient.prediction(record).task().equals("none"));
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
  void theBaseModelAnswersEarlyRequestsWhereTheTaskSaysSo() throws Exception {
    TaskSpec task = Loans.risks("early-base", 1, BeforeFirstCheckpoint.BASE);
    client.task(task);

    client.ask(task, "r1");

    PredictionMessage prediction = only(task);
    assertThat(prediction.status()).isEqualTo(Status.ANSWERED);
    assertThat(prediction.checkpoint().version()).isZero();
    assertThat(prediction.checkpoint().sha256()).isNull();
    assertThat(prediction.checkpoint().trainedTo()).isEmpty();
  }

  @Test
  void earlyRequestsWaitForTheFirstCheckpointAndDoNotHoldUpOtherTasks() throws Exception {
    TaskSpec waiting = Loans.risks("early-wait", 1, BeforeFirstCheckpoint.WAIT);
    TaskSpec other = Loans.risks("early-other", 1, BeforeFirstCheckpoint.WAIT);
    client.task(waiting);
    client.task(other);
    for (int i = 0; i < 20; i++) {
      client.ask(waiting, "w" + i, TopicClient.header(Headers.CORRELATION_ID, "c" + i));
      client.ask(other, "o" + i);
    }
    client.topics().read(TOPICS.requestsParked(), 40, record -> true);

    publish(other, 1, InferenceClient.fineTune(base, other, 1));
    assertThat(client.predictions(other.name(), 20))
        .hasSize(20)
        .allMatch(p -> p.checkpoint().version() == 1);
    assertThat(client.predictions(waiting.name(), 0)).isEmpty();

    publish(waiting, 1, InferenceClient.fineTune(base, waiting, 1));
    List<ConsumerRecord<byte[], byte[]>> answers =
        client
            .topics()
            .read(
                TOPICS.predictions(),
                20,
                r -> InferenceClient.prediction(r).task().equals("early-wait"));
    assertThat(answers)
        .hasSize(20)
        .allSatisfy(
            record ->
                assertThat(HeaderValues.string(record.headers(), Headers.CORRELATION_ID))
                    .isEqualTo("c" + InferenceClient.prediction(record).row().substring(1)));
  }

  @Test
  void aWaitingRequestExpiresAtItsDeadline() throws Exception {
    TaskSpec task = Loans.risks("wait-expires", 1, BeforeFirstCheckpoint.WAIT);
    client.task(task);
    long deadline = System.currentTimeMillis() + 1_000;

    client.ask(task, "r1", TopicClient.header(Headers.DEADLINE, Long.toString(deadline)));

    assertThat(only(task).status()).isEqualTo(Status.EXPIRED);
    assertThat(System.currentTimeMillis()).isGreaterThan(deadline);
  }

  @Test
  void aRequestWhoseDeadlineHasPassedIsNotScored() throws Exception {
    TaskSpec task = Loans.risks("expired", 1, BeforeFirstCheckpoint.BASE);
    client.task(task);

    client.ask(task, "r1", TopicClient.header(Headers.DEADLINE, "1"));

    PredictionMessage prediction = only(task);
    assertThat(prediction.status()).isEqualTo(Status.EXPIRED);
    assertThat(prediction.answer()).isNull();
  }

  @Test
  void everyRequestOfAStreamGetsOnePredictionWhileCheckpointsAreSwapped() throws Exception {
    TaskSpec task = Loans.risks("swapped", 1, BeforeFirstCheckpoint.BASE);
    List<byte[]> files =
        LongStream.rangeClosed(1, 5)
            .mapToObj(seed -> InferenceClient.fineTune(base, task, seed))
            .toList();
    client.task(task);
    List<Future<?>> sent = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      String row = "r" + i;
      sent.add(client.askLater(task, row));
      if (i % 400 == 200) {
        publish(task, 1 + i / 400, files.get(i / 400));
        awaitVersion(task, 1 + i / 400);
      }
    }
    for (Future<?> future : sent) {
      future.get();
    }

    List<PredictionMessage> predictions = client.predictions(task.name(), 2_000);

    assertThat(predictions).hasSize(2_000).allMatch(p -> p.status() == Status.ANSWERED);
    assertThat(predictions.stream().map(PredictionMessage::row).collect(Collectors.toSet()))
        .hasSize(2_000);
    assertThat(predictions.stream().map(p -> p.checkpoint().version()).collect(Collectors.toSet()))
        .contains(5L)
        .hasSizeGreaterThan(2);
  }

  @Test
  void aRequestOfANewLanguageIsNotAnsweredByACheckpointOfTheOldOne() throws Exception {
    TaskSpec first = Loans.risks("reworded", 1, BeforeFirstCheckpoint.BASE);
    publish(first, 1, InferenceClient.fineTune(base, first, 1));
    awaitVersion(first, 1);
    TaskSpec second =
        Loans.risks(
            "reworded",
            2,
            BeforeFirstCheckpoint.BASE,
            TemplateSpec.free("Aged {age} with {income} a year, how risky?"));
    client.task(second);
    client.ask(second, "new");
    client.ask(first, "old");
    Map<String, Long> versions =
        client.predictions("reworded", 2).stream()
            .collect(Collectors.toMap(p -> p.row(), p -> p.checkpoint().version()));
    assertThat(versions).containsEntry("new", 0L).containsEntry("old", 1L);

    publish(second, 2, InferenceClient.fineTune(base, second, 1));
    awaitVersion(second, 2);
    client.ask(first, "too-old");

    PredictionMessage late =
        client.predictions("reworded", 3).stream()
            .filter(p -> p.row().equals("too-old"))
            .findFirst()
            .orElseThrow();
    assertThat(late.status()).isEqualTo(Status.FAILED);
    assertThat(late.message()).startsWith("outdated-task: ").contains("version 1", "version 2");
  }

  @Test
  void aDamagedOrForeignCheckpointIsRejectedAndTheOldOneGoesOn() throws Exception {
    // a service whose every checkpoint is of another base model is not ready
    TaskSpec sane = Loans.risks("sane", 1, BeforeFirstCheckpoint.BASE);
    publish(sane, 1, InferenceClient.fineTune(base, sane, 1));
    TaskSpec task = Loans.risks("rejected", 1, BeforeFirstCheckpoint.BASE);
    byte[] file = InferenceClient.fineTune(base, task, 1);
    publish(task, 1, file);
    awaitVersion(task, 1);

    byte[] damaged = file.clone();
    damaged[damaged.length / 2] ^= 1;
    CheckpointManifest sound = client.manifest(task, 2, damaged, base.hash());
    client.checkpoint(withHash(sound, "0".repeat(64)));
    awaitRejections(task, "unreadable", 1);
    client.checkpoint(client.manifest(task, 3, file, "f".repeat(64)));
    awaitRejections(task, "other-base", 1);
    RestAssured.get("/q/health/ready")
        .then()
        .statusCode(200)
        .body(containsString("lift.model.path"), containsString("\"rejected\""));
    client.checkpoint(client.manifest(task, 4, new byte[] {1, 2, 3}, base.hash()));
    awaitRejections(task, "unreadable", 2);
    client.ask(task, "r1");

    assertThat(only(task).checkpoint().version()).isEqualTo(1);
  }

  @Test
  void aReplyGoesWhereTheRequestSaysWithItsCorrelationId() throws Exception {
    TaskSpec task = Loans.risks("replied", 1, BeforeFirstCheckpoint.BASE);
    client.task(task);
    Topic<byte[]> replyTopic = client.topics().create("answers", byte[].class, 4);

    client.ask(
        task,
        "ours",
        TopicClient.header(Headers.REPLY_TOPIC, "answers"),
        TopicClient.header(Headers.REPLY_PARTITION, "2"),
        TopicClient.header(Headers.CORRELATION_ID, "c1"));
    byte[] correlation = {0, -1, 7};
    client.ask(
        task,
        "smallrye",
        TopicClient.header(Headers.SMALLRYE_REPLY_TOPIC, "answers"),
        new RecordHeader(
            Headers.SMALLRYE_REPLY_PARTITION, ByteBuffer.allocate(4).putInt(3).array()),
        new RecordHeader(Headers.SMALLRYE_CORRELATION_ID, correlation));
    client.ask(task, "nowhere", TopicClient.header(Headers.REPLY_TOPIC, "no-such-topic"));
    client.ask(task, "loop", TopicClient.header(Headers.REPLY_TOPIC, TOPICS.requests().name()));

    Map<String, ConsumerRecord<byte[], byte[]>> replies =
        client.topics().read(replyTopic, 2, record -> true).stream()
            .collect(Collectors.toMap(r -> InferenceClient.prediction(r).row(), r -> r));
    assertThat(replies).containsOnlyKeys("ours", "smallrye");
    assertThat(replies.get("ours").partition()).isEqualTo(2);
    assertThat(HeaderValues.string(replies.get("ours").headers(), Headers.CORRELATION_ID))
        .isEqualTo("c1");
    assertThat(replies.get("smallrye").partition()).isEqualTo(3);
    assertThat(
            replies.get("smallrye").headers().lastHeader(Headers.SMALLRYE_CORRELATION_ID).value())
        .isEqualTo(correlation);
    assertThat(client.predictions(task.name(), 4))
        .hasSize(4)
        .allMatch(p -> p.status() == Status.ANSWERED);
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

  private static boolean wasRequest(ConsumerRecord<byte[], byte[]> letter) {
    return TOPICS
        .requests()
        .name()
        .equals(HeaderValues.string(letter.headers(), Headers.ERROR_TOPIC));
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

  private CheckpointManifest publish(TaskSpec task, long version, byte[] file) throws Exception {
    client.task(task);
    CheckpointManifest manifest = client.manifest(task, version, file, base.hash());
    client.checkpoint(manifest);
    return manifest;
  }

  private void awaitVersion(TaskSpec task, long version) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> {
              var loaded = registry.loaded().get(task.name());
              return loaded != null && loaded.version() == version;
            });
  }

  private void awaitRejections(TaskSpec task, String reason, int count) {
    String line =
        "lift_checkpoint_rejected_total{reason=\"%s\",task=\"%s\"} %d.0"
            .formatted(reason, task.name(), count);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> RestAssured.get("/q/metrics").asString().contains(line));
  }

  private PredictionMessage only(TaskSpec task) {
    List<PredictionMessage> predictions = client.predictions(task.name(), 1);
    assertThat(predictions).hasSize(1);
    return predictions.get(0);
  }

  private static CheckpointManifest withHash(CheckpointManifest m, String sha256) {
    return new CheckpointManifest(
        m.task(),
        m.version(),
        m.parent(),
        m.taskVersion(),
        m.templateHash(),
        m.baseModel(),
        sha256,
        m.size(),
        m.location(),
        m.createdAt(),
        m.trainer(),
        m.step(),
        m.seed(),
        m.ranges(),
        m.windowFrom(),
        m.newRows(),
        m.rows(),
        m.metrics(),
        null,
        null);
  }
}
