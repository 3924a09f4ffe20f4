package io.lift.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;

import io.lift.core.answer.Answer;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TemplateSpec;
import io.lift.messages.Json;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PredictionMessage.Status;
import io.lift.messages.RequestMessage;
import io.lift.messages.Topics;
import io.lift.model.BaseModel;
import io.lift.model.Scorer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole service on a real broker, with a published model's folder and adapters on it. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@QuarkusTestResource(value = PublishedModelResource.class, restrictToAnnotatedClass = true)
class PublishedModelServiceIT {
  private static final Topics TOPICS = Topics.of("");
  private static BaseModel base;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrap;

  // looked up where the other tests of this module start too, which have no such model
  @ConfigProperty(name = "lift.model.path")
  Optional<String> path;

  @Inject InferenceService service;

  private Wire wire;

  @BeforeEach
  void open() {
    wire = Wire.ready(bootstrap);
    base = base == null ? BaseModel.open(path.orElseThrow(), "cpu") : base;
  }

  @AfterEach
  void closeWire() {
    wire.close();
  }

  @AfterAll
  static void close() {
    if (base != null) {
      base.close();
    }
  }

  @Test
  void tasksAndVersionsAreAnsweredInOneBatchEachByItsOwnAdapter() throws Exception {
    TaskSpec first = Loans.task("first", 1, BeforeFirstCheckpoint.BASE);
    TaskSpec second =
        Loans.task(
            "second",
            1,
            BeforeFirstCheckpoint.BASE,
            TemplateSpec.free("At {age}, with {income} a year, how risky?"));
    TaskSpec third = Loans.task("third", 1, BeforeFirstCheckpoint.BASE);
    Map<String, byte[]> files = new HashMap<>();
    files.put("first", publish(first, 1, 1));
    files.put("second", publish(second, 1, 2));
    awaitVersion("second", 1);
    files.put("second", publish(second, 2, 3));
    awaitVersion("first", 1);
    awaitVersion("second", 2);
    wire.task(third);

    List<TaskSpec> tasks = List.of(first, second, third);
    List<java.util.concurrent.Future<?>> sent = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      TaskSpec task = tasks.get(i % 3);
      RequestMessage request = wire.request(task, "r" + i);
      sent.add(wire.sendBytes(TOPICS.requests().name(), "r" + i, Json.write(request)));
    }
    for (var future : sent) {
      future.get();
    }

    for (TaskSpec task : tasks) {
      List<PredictionMessage> predictions = wire.predictions(task.name(), 100);
      assertThat(predictions).hasSize(100).allMatch(p -> p.status() == Status.ANSWERED);
      long version = task == first ? 1 : task == second ? 2 : 0;
      assertThat(predictions).allMatch(p -> p.checkpoint().version() == version);
      expectAnswersOf(files.get(task.name()), task, predictions);
    }
    assertThat(tasksInOneBatch()).isGreaterThan(1);
  }

  @Test
  void adaptersMakeRoomForOneAnotherAndComeBack() throws Exception {
    List<TaskSpec> tasks = new ArrayList<>();
    for (int t = 0; t < 6; t++) {
      TaskSpec task = Loans.task("room" + t, 1, BeforeFirstCheckpoint.WAIT);
      publish(task, 1, t);
      tasks.add(task);
    }
    for (int round = 0; round < 2; round++) {
      for (TaskSpec task : tasks) {
        wire.ask(task, "r" + round);
        assertThat(wire.predictions(task.name(), round + 1)).hasSize(round + 1);
      }
    }
    String metrics = RestAssured.get("/q/metrics").asString();
    assertThat(value(metrics, "lift_adapter_cache_evictions_total")).isPositive();
    assertThat(value(metrics, "lift_adapter_cache_requests_total{result=\"hit\"}")).isPositive();
    assertThat(value(metrics, "lift_adapter_cache_requests_total{result=\"miss\"}")).isPositive();
    assertThat(value(metrics, "lift_adapter_cache_size_bytes"))
        .isPositive()
        .isLessThanOrEqualTo(value(metrics, "lift_adapter_cache_capacity_bytes"));
  }

  @Test
  void aCheckpointOfTheEmbeddedModelIsRejectedAndTheOperatorIsTold() throws Exception {
    TaskSpec task = Loans.task("other-base", 1, BeforeFirstCheckpoint.BASE);
    wire.task(task);
    try (BaseModel embedded = BaseModel.open(null, "cpu")) {
      byte[] file = Wire.fineTune(embedded, task, 1);
      wire.checkpoint(wire.manifest(task, 1, file, embedded.hash()));
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                RestAssured.get("/q/metrics")
                    .asString()
                    .contains(
                        "lift_checkpoint_rejected_total{reason=\"other-base\",task=\"other-base\"} 1.0"));
    RestAssured.get("/q/health/ready").then().body(containsString("other-base"));
    // so that the other tests find a service that is ready whatever ran before them
    wire.sendBytes(TOPICS.checkpoints().name(), "other-base", null).get();
    await().until(() -> service.ofOtherBases().isEmpty());
  }

  private byte[] publish(TaskSpec task, long version, long seed) throws Exception {
    byte[] file = Wire.fineTune(base, task, seed);
    wire.task(task);
    wire.checkpoint(wire.manifest(task, version, file, base.hash()));
    return file;
  }

  private void awaitVersion(String task, long version) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              var loaded = service.registry().orElseThrow().loaded().get(task);
              return loaded != null && loaded.version() == version;
            });
  }

  private void expectAnswersOf(byte[] file, TaskSpec task, List<PredictionMessage> predictions) {
    TaskLanguage language = new TaskLanguage(task);
    List<Prompt> prompts =
        predictions.stream()
            .map(p -> wire.request(task, p.row()))
            .map(r -> new Prompt(r.prompt(), r.grid()))
            .toList();
    try (Scorer alone =
        file == null ? Scorer.base(base, language) : Scorer.of(base, language, file)) {
      List<Answer> expected = alone.score(prompts);
      for (int i = 0; i < expected.size(); i++) {
        Map<String, Double> found = predictions.get(i).answer().probabilities();
        expected
            .get(i)
            .probabilities()
            .forEach((label, p) -> assertThat(found.get(label)).isCloseTo(p, within(1e-4)));
      }
    }
  }

  private static double tasksInOneBatch() {
    String metrics = RestAssured.get("/q/metrics").asString();
    return value(metrics, "lift_batch_tasks_max");
  }

  private static double value(String metrics, String name) {
    Matcher line =
        Pattern.compile("^" + Pattern.quote(name) + " (\\S+)$", Pattern.MULTILINE).matcher(metrics);
    return line.find() ? Double.parseDouble(line.group(1)) : 0;
  }
}
