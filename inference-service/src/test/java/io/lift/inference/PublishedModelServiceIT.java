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
import io.lift.inference.models.ModelRegistry;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PredictionMessage.Status;
import io.lift.messages.Topics;
import io.lift.model.BaseModel;
import io.lift.model.Scorer;
import io.lift.testing.Loans;
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
@WithBroker
@QuarkusTestResource(value = PublishedModelResource.class, restrictToAnnotatedClass = true)
class PublishedModelServiceIT {
  private static final Topics TOPICS = Topics.of("");
  private static BaseModel base;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrap;

  // looked up where the other tests of this module start too, which have no such model
  @ConfigProperty(name = "lift.model.path")
  Optional<String> path;

  @Inject ModelRegistry registry;

  private InferenceClient client;

  @BeforeEach
  void open() {
    client = InferenceClient.ready(bootstrap);
    base = base == null ? BaseModel.open(path.orElseThrow(), "cpu") : base;
  }

  @AfterEach
  void closeClient() {
    client.close();
  }

  @AfterAll
  static void close() {
    if (base != null) {
      base.close();
    }
  }

  @Test
  void tasksAndVersionsAreAnsweredInOneBatchEachByItsOwnAdapter() throws Exception {
    TaskSpec first = Loans.risks("first", 1, BeforeFirstCheckpoint.BASE);
    TaskSpec second =
        Loans.risks(
            "second",
            1,
            BeforeFirstCheckpoint.BASE,
            TemplateSpec.free("At {age}, with {income} a year, how risky?"));
    TaskSpec third = Loans.risks("third", 1, BeforeFirstCheckpoint.BASE);
    Map<String, byte[]> files = new HashMap<>();
    files.put("first", publish(first, 1, 1));
    files.put("second", publish(second, 1, 2));
    awaitVersion("second", 1);
    files.put("second", publish(second, 2, 3));
    awaitVersion("first", 1);
    awaitVersion("second", 2);
    client.task(third);

    List<TaskSpec> tasks = List.of(first, second, third);
    List<java.util.concurrent.Future<?>> sent = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      TaskSpec task = tasks.get(i % 3);
      sent.add(client.askLater(task, "r" + i));
    }
    for (var future : sent) {
      future.get();
    }

    for (TaskSpec task : tasks) {
      List<PredictionMessage> predictions = client.predictions(task.name(), 100);
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
      TaskSpec task = Loans.risks("room" + t, 1, BeforeFirstCheckpoint.WAIT);
      publish(task, 1, t);
      tasks.add(task);
    }
    for (int round = 0; round < 2; round++) {
      for (TaskSpec task : tasks) {
        client.ask(task, "r" + round);
        assertThat(client.predictions(task.name(), round + 1)).hasSize(round + 1);
      }
    }
    String metrics = RestAssured.get("/q/metrics").asString();
    assertThat(value(metrics, "lift_service_up{application=\"lift-inference\"}")).isPositive();
    assertThat(value(metrics, "lift_adapter_cache_evictions_total")).isPositive();
    assertThat(value(metrics, "lift_adapter_cache_requests_total{result=\"hit\"}")).isPositive();
    assertThat(value(metrics, "lift_adapter_cache_requests_total{result=\"miss\"}")).isPositive();
    assertThat(value(metrics, "lift_adapter_cache_size_bytes"))
        .isPositive()
        .isLessThanOrEqualTo(value(metrics, "lift_adapter_cache_capacity_bytes"));
  }

  @Test
  void aCheckpointOfTheEmbeddedModelIsRejectedAndTheOperatorIsTold() throws Exception {
    TaskSpec task = Loans.risks("other-base", 1, BeforeFirstCheckpoint.BASE);
    client.task(task);
    try (BaseModel embedded = BaseModel.open(null, "cpu")) {
      byte[] file = InferenceClient.fineTune(embedded, task, 1);
      client.checkpoint(client.manifest(task, 1, file, embedded.hash()));
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
    client.topics().send(TOPICS.checkpoints(), "other-base", null);
    await().until(() -> registry.tasksOfOtherBases().isEmpty());
  }

  private byte[] publish(TaskSpec task, long version, long seed) throws Exception {
    byte[] file = InferenceClient.fineTune(base, task, seed);
    client.task(task);
    client.checkpoint(client.manifest(task, version, file, base.hash()));
    return file;
  }

  private void awaitVersion(String task, long version) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              var loaded = registry.loaded().get(task);
              return loaded != null && loaded.version() == version;
            });
  }

  private void expectAnswersOf(byte[] file, TaskSpec task, List<PredictionMessage> predictions) {
    TaskLanguage language = new TaskLanguage(task);
    List<Prompt> prompts =
        predictions.stream()
            .map(p -> client.request(task, p.row()))
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
