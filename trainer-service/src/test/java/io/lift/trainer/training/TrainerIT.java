package io.lift.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lift.core.task.TaskSpec;
import io.lift.core.task.TemplateSpec;
import io.lift.kafka.CheckpointFiles;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.CheckpointManifest.OffsetRange;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Topics;
import io.lift.model.TrainingFailedException;
import io.lift.testing.TopicClient;
import io.lift.trainer.assignment.TrainingStatus;
import io.lift.trainer.round.FineTuner;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The trainer on a real broker, with a model that remembers what it was given. */
class TrainerIT {
  private static final Topics TOPICS = Topics.of("");
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static TrainerTopics broker;

  private final List<TrainerNode> nodes = new ArrayList<>();
  private final List<TaskSpec> tasks = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    Files.createDirectories(java.nio.file.Path.of("target"));
    broker = new TrainerTopics();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @AfterEach
  void leaveNothing() throws InterruptedException {
    for (TrainerNode node : nodes) {
      node.close();
    }
    tasks.forEach(task -> broker.delete(task.name()));
  }

  @Test
  void aRoundsCheckpointClaimsItsRowsAndTheNextGoesOnFromIt() {
    TaskSpec task = task("contiguous");
    node("a", new CountingFineTuners());

    broker.rows(task, 0, 10);
    CheckpointManifest first = awaitVersion(task, 1);
    broker.rows(task, 10, 30);
    awaitRows(task, 30);

    assertThat(first.parent()).isZero();
    assertThat(first.newRows()).isEqualTo(10);
    assertThat(first.trainer()).isEqualTo("a");
    assertThat(first.baseModel()).isEqualTo("counting");
    assertContiguous(task, 30);
  }

  @Test
  void rowsThatComeAgainAreLearnedOnceAlsoByATrainerThatStartsAgain() throws Exception {
    TaskSpec task = task("again");
    TrainerNode before = node("k", new CountingFineTuners());
    broker.rows(task, 0, 10);
    awaitRows(task, 10);
    broker.rows(task, 0, 10);
    broker.rows(task, 10, 20);
    awaitRows(task, 20);
    assertThat(duplicates(before, task)).isEqualTo(10);

    stop(before);
    broker.rows(task, 5, 15);
    TrainerNode after = node("k", new CountingFineTuners());
    broker.rows(task, 20, 30);
    awaitRows(task, 30);
    assertThat(duplicates(after, task)).isEqualTo(20);
    assertContiguous(task, 30);
  }

  private static double duplicates(TrainerNode node, TaskSpec task) {
    return node.meters()
        .counter("lift.prompts", "task", task.name(), "outcome", "duplicate")
        .count();
  }

  @Test
  void aTrainerThatStartsAgainNeitherRepeatsNorSkipsARow() throws Exception {
    TaskSpec task = task("restart");
    TrainerNode before = node("b", new CountingFineTuners());
    broker.rows(task, 0, 10);
    awaitVersion(task, 1);
    broker.rows(task, 10, 25);
    awaitRows(task, 25);
    long version = last(task).version();

    stop(before);
    broker.rows(task, 25, 40);
    node("b", new CountingFineTuners());
    awaitRows(task, 40);

    assertThat(last(task).version()).isGreaterThan(version);
    assertContiguous(task, 40);
  }

  @Test
  void twoTrainersShareTheTasksAndOneTakesOverFromTheOther() throws Exception {
    List<TaskSpec> six = IntStream.range(0, 6).mapToObj(i -> task("shared-" + i)).toList();
    TrainerNode first = node("c", new CountingFineTuners());
    six.forEach(task -> broker.rows(task, 0, 20));
    six.forEach(task -> awaitRows(task, 20));

    TrainerNode second = node("d", new CountingFineTuners());
    await().atMost(LIMIT).until(() -> ours(second, six) > 0 && ours(first, six) > 0);
    six.forEach(task -> broker.rows(task, 20, 50));
    six.forEach(task -> awaitRows(task, 50));
    assertThat(ours(first, six) + ours(second, six)).isEqualTo(6);
    six.forEach(task -> broker.rows(task, 50, 60));

    stop(first);
    six.forEach(task -> broker.rows(task, 60, 80));
    six.forEach(task -> awaitRows(task, 80));

    assertThat(ours(second, six)).isEqualTo(6);
    for (TaskSpec task : six) {
      assertContiguous(task, 80);
    }
    assertThat(six.stream().flatMap(task -> broker.history(task.name()).stream()))
        .extracting(CheckpointManifest::trainer)
        .contains("c", "d");
  }

  @Test
  void theCheckpointOfATrainerThatLostItsPartitionIsNeverSeen() throws Exception {
    TaskSpec task = task("zombie");
    CountDownLatch training = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    TrainerNode zombie =
        node(
            "zombie",
            new CountingFineTuners(
                (step, of, loss) -> {
                  training.countDown();
                  waitFor(release);
                  return true;
                },
                () -> true),
            Map.of("max.poll.interval.ms", 2_000));
    broker.rows(task, 0, 10);
    waitFor(training);
    zombie.freeze();

    node("heir", new CountingFineTuners());
    awaitRows(task, 10);
    release.countDown();
    await().atMost(LIMIT).until(() -> attempts(task) > 1);
    broker.rows(task, 10, 20);
    awaitRows(task, 20);

    assertThat(broker.history(task.name()))
        .extracting(CheckpointManifest::trainer)
        .containsOnly("heir");
    assertContiguous(task, 20);
    zombie.thaw();
  }

  @Test
  void whatIsNoPromptGoesToTheDeadLettersAndStopsNothing() {
    TaskSpec task = task("garbage");
    TaskSpec unknown = Rows.task("never-published", Rows.rounds(10));
    node("e", new CountingFineTuners());

    broker.rows(task, 0, 5);
    broker.send(TopicClient.record(TOPICS.prompts(), task.name(), HeaderValues.bytes("{no json")));
    broker.send(TopicClient.record(TOPICS.prompts(), task.name(), (byte[]) null));
    broker.send(TopicClient.record(TOPICS.prompts(), null, HeaderValues.bytes("{}")));
    broker.send(TopicClient.record(TOPICS.prompts(), task.name(), HeaderValues.bytes("null")));
    broker.send(Rows.record(unknown, 1));
    broker.rows(task, 5, 10);
    awaitRows(task, 10);

    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(letters(task, unknown))
                    .containsExactlyInAnyOrder(
                        "invalid-json", "null-value", "null-key", "not-an-object", "unknown-task"));
    assertContiguous(task, 10);
  }

  @Test
  void aTaskThatChangesItsLanguageStartsFromTheBaseModelUnderTheNextVersion() throws Exception {
    TaskSpec task = task("language");
    node("f", new CountingFineTuners());
    broker.rows(task, 0, 10);
    awaitVersion(task, 1);

    TaskSpec changed = Rows.task(task.name(), 2, TemplateSpec.paper(), Rows.rounds(10));
    broker.publish(changed);
    broker.rows(task, 10, 15); // an old serializer is still at it
    broker.rows(changed, 20, 30);
    CheckpointManifest second = awaitVersion(task, 2);

    assertThat(second.parent()).isZero();
    assertThat(second.taskVersion()).isEqualTo(2);
    assertThat(second.rows()).isEqualTo(10);
    assertThat(learned(second))
        .containsExactlyElementsOf(
            IntStream.range(20, 30).mapToObj(n -> Rows.prompt(changed, n).prompt()).toList());
  }

  @Test
  void aDeletedTaskTakesItsCheckpointBackAndItsVersionsAreNotUsedAgain() {
    TaskSpec task = task("deleted");
    node("g", new CountingFineTuners());
    broker.rows(task, 0, 10);
    awaitVersion(task, 1);

    broker.delete(task.name());
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(broker.pointers(task.name())).hasSize(2).endsWith((byte[]) null));
    broker.publish(task);
    broker.rows(task, 10, 20);
    CheckpointManifest next = awaitVersion(task, 2);

    assertThat(next.parent()).isZero();
    assertThat(next.rows()).isEqualTo(10);
  }

  @Test
  void aRoundWithoutAFiniteLossPublishesNothingAndItsRowsAreInTheNextRound() {
    TaskSpec task = task("diverged");
    AtomicBoolean finite = new AtomicBoolean(false);
    TrainerNode node = node("h", new CountingFineTuners((step, of, loss) -> true, finite::get));
    broker.rows(task, 0, 10);
    await()
        .atMost(LIMIT)
        .until(
            () ->
                node.meters().find("lift.train.rounds").tag("outcome", "failed").counter() != null);
    assertThat(broker.history(task.name())).isEmpty();

    finite.set(true);
    broker.rows(task, 10, 12);
    awaitRows(task, 12);

    assertThat(broker.history(task.name())).hasSize(1);
    assertContiguous(task, 12);
  }

  @Test
  void aRoundThatDivergesIsCountedAndTheNextRowsStartAnother() {
    TaskSpec task = task("exploded");
    AtomicBoolean finite = new AtomicBoolean(false);
    TrainerNode node =
        node(
            "h2",
            new CountingFineTuners(
                (step, of, loss) -> {
                  if (!finite.get()) {
                    throw new TrainingFailedException("The loss was not finite.", 10);
                  }
                  return true;
                },
                () -> true));
    broker.rows(task, 0, 10);
    await()
        .atMost(LIMIT)
        .until(
            () -> {
              Counter skipped = node.meters().find("lift.train.steps.skipped").counter();
              return skipped != null && skipped.count() >= 10;
            });
    assertThat(broker.history(task.name())).isEmpty();

    finite.set(true);
    broker.rows(task, 10, 12);
    awaitRows(task, 12);
    assertContiguous(task, 12);
  }

  @Test
  void consumptionStopsWhileTooManyRowsWait() throws Exception {
    TaskSpec task = task("full");
    CountDownLatch release = new CountDownLatch(1);
    TrainerNode node =
        new TrainerNode(
            broker,
            new CountingFineTuners(
                (step, of, loss) -> {
                  waitFor(release);
                  return true;
                },
                () -> true),
            Map.of(),
            TrainerNode.settings("i", 100));
    nodes.add(node);
    broker.rows(task, 0, 1_000);
    await().atMost(LIMIT).until(() -> waiting(node, task) >= 100);
    int stopped = waiting(node, task);
    assertThat(stopped).isLessThanOrEqualTo(150);

    release.countDown();
    awaitRows(task, 1_000);
    assertContiguous(task, 1_000);
  }

  @Test
  void theGroupsOffsetIsTheFirstRowThatNoCheckpointHolds() throws Exception {
    TaskSpec task = task("lag");
    node("j", new CountingFineTuners());
    broker.rows(task, 0, 10);
    awaitRows(task, 10);
    TopicPartition partition =
        new TopicPartition(TOPICS.prompts().name(), last(task).ranges().keySet().iterator().next());

    try (Admin admin = Admin.create(broker.kafka())) {
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () ->
                  assertThat(
                          admin
                              .listConsumerGroupOffsets(TrainerNode.GROUP)
                              .partitionsToOffsetAndMetadata()
                              .get()
                              .get(partition)
                              .offset())
                      .isEqualTo(range(last(task)).to()));
    }
  }

  /** The reasons of the dead letters with the key of one of the tasks, or with none. */
  private static List<String> letters(TaskSpec... tasks) {
    List<String> names = Stream.of(tasks).map(TaskSpec::name).toList();
    return broker.client().read(TOPICS.deadLetters()).stream()
        .filter(letter -> letter.key() == null || names.contains(HeaderValues.text(letter.key())))
        .map(letter -> HeaderValues.string(letter.headers(), Headers.ERROR_REASON))
        .toList();
  }

  private TaskSpec task(String name) {
    TaskSpec task = Rows.task(name, Rows.rounds(10));
    tasks.add(task);
    broker.publish(task);
    return task;
  }

  private TrainerNode node(String name, FineTuner.Factory factory) {
    return node(name, factory, Map.of());
  }

  private TrainerNode node(String name, FineTuner.Factory factory, Map<String, Object> consumer) {
    TrainerNode node = new TrainerNode(broker, name, factory, consumer);
    nodes.add(node);
    return node;
  }

  private void stop(TrainerNode node) throws InterruptedException {
    nodes.remove(node);
    node.close();
  }

  private static long ours(TrainerNode node, List<TaskSpec> tasks) {
    List<String> names = tasks.stream().map(TaskSpec::name).toList();
    return node.trainer().status().stream().filter(s -> names.contains(s.task())).count();
  }

  private static int waiting(TrainerNode node, TaskSpec task) {
    return node.trainer().status().stream()
        .filter(status -> status.task().equals(task.name()))
        .mapToInt(TrainingStatus::waitingRows)
        .sum();
  }

  /** Checkpoint files that were sent, committed or not. */
  private static long attempts(TaskSpec task) {
    return broker.client().readUncommitted(TOPICS.checkpointChunks()).stream()
        .filter(record -> HeaderValues.text(record.key()).startsWith(task.name() + "/"))
        .count();
  }

  private static CheckpointManifest last(TaskSpec task) {
    List<CheckpointManifest> history = broker.history(task.name());
    return history.get(history.size() - 1);
  }

  private static CheckpointManifest awaitVersion(TaskSpec task, long version) {
    await()
        .atMost(LIMIT)
        .until(() -> broker.history(task.name()).stream().anyMatch(m -> m.version() == version));
    return broker.history(task.name()).stream()
        .filter(manifest -> manifest.version() == version)
        .findFirst()
        .orElseThrow();
  }

  private static void awaitRows(TaskSpec task, long rows) {
    await()
        .atMost(LIMIT)
        .until(
            () -> {
              List<CheckpointManifest> history = broker.history(task.name());
              return !history.isEmpty() && last(task).rows() >= rows;
            });
  }

  private static OffsetRange range(CheckpointManifest manifest) {
    assertThat(manifest.ranges()).hasSize(1);
    return manifest.ranges().values().iterator().next();
  }

  /** One chain of versions, one unbroken range of offsets, and each row once in the weights. */
  private static void assertContiguous(TaskSpec task, int rows) {
    List<CheckpointManifest> history = broker.history(task.name());
    for (int i = 0; i < history.size(); i++) {
      assertThat(history.get(i).version()).isEqualTo(i + 1);
      assertThat(history.get(i).parent()).isEqualTo(i);
      if (i > 0) {
        assertThat(range(history.get(i)).from()).isEqualTo(range(history.get(i - 1)).to());
      }
    }
    CheckpointManifest last = last(task);
    assertThat(history.stream().mapToLong(CheckpointManifest::newRows).sum()).isEqualTo(rows);
    assertThat(last.rows()).isEqualTo(rows);
    assertThat(learned(last))
        .containsExactlyElementsOf(
            IntStream.range(0, rows).mapToObj(n -> Rows.prompt(task, n).prompt()).toList());
  }

  private static List<String> learned(CheckpointManifest manifest) {
    try {
      return CountingFineTuners.learned(
          CheckpointFiles.read(broker.connection(), manifest, Duration.ofSeconds(10)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
