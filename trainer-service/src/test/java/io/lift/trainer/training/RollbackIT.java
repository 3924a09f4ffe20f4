package io.lift.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lift.core.task.TaskSpec;
import io.lift.core.task.TrainingPolicy;
import io.lift.kafka.CheckpointFiles;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.CheckpointManifest.OffsetRange;
import io.lift.messages.EventMessage;
import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import io.lift.messages.RollbackRequest;
import io.lift.messages.Topics;
import io.lift.messages.TrainingProgress;
import io.lift.testing.TopicClient;
import io.lift.trainer.publish.Rollback;
import io.lift.trainer.round.FineTuner;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rollback requests on a real broker, with a model that remembers what it was given. */
class RollbackIT {
  private static final Topics TOPICS = Topics.of("");
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Ten rows make a round, however long they take to come. */
  private static final TrainingPolicy TEN_ROWS =
      TrainingPolicy.builder()
          .window(0)
          .firstRound(10)
          .roundRows(10)
          .roundSeconds(600.0)
          .epochs(1.0)
          .maxSteps(4)
          .members(1)
          .seed(7L)
          .build();

  private static TrainerTopics broker;

  private final List<TrainerNode> nodes = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    broker = new TrainerTopics();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @AfterEach
  void stopTrainers() throws InterruptedException {
    for (TrainerNode node : nodes) {
      node.close();
    }
  }

  @Test
  void anEarlierVersionIsPublishedAgainAndTrainingGoesOnFromIt() throws Exception {
    TaskSpec task = task("back");
    node("a", new CountingFineTuners());
    rounds(task, 3);

    request(task, 1);
    CheckpointManifest restored = awaitVersion(task, 4);

    CheckpointManifest first = version(task, 1);
    CheckpointManifest third = version(task, 3);
    assertThat(restored.restored()).isEqualTo(1L);
    assertThat(restored.parent()).isEqualTo(1);
    assertThat(restored.sha256()).isEqualTo(first.sha256());
    assertThat(restored.step()).isEqualTo(first.step());
    assertThat(restored.newRows()).isZero();
    assertThat(restored.rows()).isEqualTo(30);
    assertThat(restored.trainedTo()).isEqualTo(third.trainedTo());
    assertThat(learned(restored)).isEqualTo(learned(first)).hasSize(10);
    await().atMost(LIMIT).until(() -> newestRequest(task) == null);
    assertThat(rollbackEvents(task))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.version()).isEqualTo(4);
              assertThat(event.replaced()).isEqualTo(3);
              assertThat(event.restored()).isEqualTo(1);
              assertThat(event.text())
                  .isEqualTo(
                      "Version 4 of task back has the weights of version 1 again: anna asked"
                          + " for it.");
            });

    broker.rows(task, 30, 40);
    CheckpointManifest next = awaitVersion(task, 5);
    assertThat(next.parent()).isEqualTo(4);
    assertThat(next.restored()).isNull();
    assertThat(learned(next)).containsExactlyElementsOf(prompts(task, 0, 10, 30, 40));
    assertEachRowEntersOnce(task, 40);
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              TrainingProgress progress = newestProgress(task);
              assertThat(progress.state()).isEqualTo(TrainingProgress.State.IDLE);
              assertThat(progress.version()).isEqualTo(5);
              assertThat(progress.waitingRows()).isZero();
              assertThat(progress.trainer()).isEqualTo("a");
            });
  }

  @Test
  void aRunningRoundIsStoppedAndItsRowsAreLearnedAfterwards() throws Exception {
    TaskSpec task = task("stopped");
    AtomicBoolean hold = new AtomicBoolean();
    CountDownLatch training = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    node(
        "b",
        new CountingFineTuners(
            (step, of, loss) -> {
              if (hold.get()) {
                training.countDown();
                awaitQuietly(release);
              }
              return true;
            },
            () -> true));
    rounds(task, 2);
    hold.set(true);
    broker.rows(task, 20, 30);
    training.await();

    request(task, 1);
    await().atMost(LIMIT).until(() -> newestRequest(task) != null);
    Thread.sleep(500); // the trainer reads it too; were it later, version 3 would be the round's
    hold.set(false);
    release.countDown();

    assertThat(awaitVersion(task, 3).restored()).isEqualTo(1L);
    assertThat(learned(awaitVersion(task, 4)))
        .containsExactlyElementsOf(prompts(task, 0, 10, 20, 30));
    assertEachRowEntersOnce(task, 30);
  }

  @Test
  void aRequestWithoutATrainerIsFulfilledByTheTrainerThatStarts() throws Exception {
    TaskSpec task = task("later");
    TrainerNode before = node("c", new CountingFineTuners());
    rounds(task, 2);
    before.close();
    nodes.remove(before);

    request(task, 1);
    node("c", new CountingFineTuners());

    assertThat(awaitVersion(task, 3).restored()).isEqualTo(1L);
  }

  @Test
  void anImpossibleRequestIsRejectedInOneSentenceAndTrainingGoesOn() throws Exception {
    TaskSpec task = task("refused");
    node("d", new CountingFineTuners());
    rounds(task, 2);

    request(task, 99);
    awaitRejection(task, "Task refused has no version 99; its newest is 2.");
    request(task, 2);
    awaitRejection(task, "Version 2 of task refused is the current one.");

    CheckpointManifest first = version(task, 1);
    CheckpointManifest damaged =
        Json.read(
            new String(Json.write(first)).replace(first.sha256(), "0".repeat(64)).getBytes(),
            CheckpointManifest.class);
    broker.send(TopicClient.record(TOPICS.checkpointsLog(), task.name(), Json.write(damaged)));
    request(task, 1);
    awaitRejection(
        task,
        "Checkpoint 1 of task refused cannot be read: its sha256 is not that of the manifest.");

    broker.rows(task, 20, 30);
    assertThat(awaitVersion(task, 3).parent()).isEqualTo(2);
  }

  @Test
  void aCheckpointThatTheEvaluatorFindsWorseIsReplacedAndTheEventHasTheFigures() throws Exception {
    TaskSpec task = task("worse");
    node("e", new CountingFineTuners());
    rounds(task, 2);

    requestInsteadOf(task, 1, 2, "worse-2");

    assertThat(awaitVersion(task, 3).restored()).isEqualTo(1L);
    await().atMost(LIMIT).until(() -> !rollbackEvents(task).isEmpty());
    EventMessage event = rollbackEvents(task).get(0);
    assertThat(event.metric()).isEqualTo("log_loss");
    assertThat(event.before()).isEqualTo(0.4);
    assertThat(event.after()).isEqualTo(0.6);
    assertThat(event.rows()).isEqualTo(240);
    assertThat(event.text())
        .isEqualTo(
            "Version 3 of task worse has the weights of version 1 again: on the same 240 rows,"
                + " version 2 had a log loss of 0.600 and version 1 one of 0.400.");
  }

  @Test
  void theEvaluatorsRequestIsDroppedWhereItsVersionIsNotCurrentOrWasChosenByAnOperator()
      throws Exception {
    TaskSpec task = task("outdated");
    node("f", new CountingFineTuners());
    rounds(task, 3);

    requestInsteadOf(task, 1, 2, "worse-2");
    await().atMost(LIMIT).until(() -> newestRequest(task) == null);
    request(task, 1);
    assertThat(awaitVersion(task, 4).restored()).isEqualTo(1L);
    requestInsteadOf(task, 3, 4, "worse-4");
    await().atMost(LIMIT).until(() -> newestRequest(task) == null);

    broker.rows(task, 30, 40);
    assertThat(awaitVersion(task, 5).restored()).isNull();
    assertThat(rollbackEvents(task)).as("the operator's").hasSize(1);
  }

  private static void requestInsteadOf(TaskSpec task, long version, long worse, String id) {
    RollbackRequest request =
        new RollbackRequest(
            task.name(),
            version,
            id,
            0,
            null,
            new RollbackRequest.Worse(worse, 240, 0.6, 0.4),
            null);
    broker.send(TopicClient.record(TOPICS.rollbacks(), task.name(), Json.write(request)));
  }

  private static List<EventMessage> rollbackEvents(TaskSpec task) {
    return broker.client().read(TOPICS.events()).stream()
        .filter(record -> task.name().equals(HeaderValues.text(record.key())))
        .map(record -> Json.read(record.value(), EventMessage.class))
        .filter(event -> event.kind() == EventMessage.Kind.ROLLED_BACK)
        .toList();
  }

  @Test
  void aVersionWhoseFileHasMadeRoomForNewerOnesIsRejected() {
    TaskSpec task = Rows.task("old", Rows.rounds(10));
    TreeMap<Long, CheckpointManifest> kept = new TreeMap<>();
    for (long version = 5; version <= 20; version++) {
      kept.put(version, manifest(version, "words", "base"));
    }
    kept.put(6L, manifest(6, "other words", "base"));
    kept.put(7L, manifest(7, "words", "other base"));

    assertThat(rejection(task, 4, kept))
        .isEqualTo("Version 4 of task old is no longer kept: there are versions 5 to 20.");
    assertThat(rejection(task, 6, kept))
        .isEqualTo(
            "Version 6 of task old was trained on other sentences, those of version 1 of the task.");
    assertThat(rejection(task, 7, kept)).isEqualTo("Version 7 of task old has another base model.");
    assertThat(rejection(task, 0, kept)).contains("no version 0");
    assertThat(rejection(task, 5, kept)).isNull();
  }

  private static String rejection(
      TaskSpec task, long version, TreeMap<Long, CheckpointManifest> kept) {
    RollbackRequest request = RollbackRequest.of(task.name(), version, "id", 0, null);
    return new Rollback(request, null, task, "words", "base", kept.get(20L), 21)
        .rejection(kept)
        .orElse(null);
  }

  private static CheckpointManifest manifest(long version, String language, String base) {
    return new CheckpointManifest(
        "old",
        version,
        version - 1,
        1,
        language,
        base,
        "",
        0,
        null,
        0,
        "",
        0,
        0,
        Map.of(),
        Map.of(),
        0,
        0,
        Map.of(),
        null,
        null);
  }

  private TaskSpec task(String name) {
    TaskSpec task = Rows.task(name, TEN_ROWS);
    broker.publish(task);
    return task;
  }

  private TrainerNode node(String name, FineTuner.Factory factory) {
    TrainerNode node = new TrainerNode(broker, name, factory);
    nodes.add(node);
    return node;
  }

  /** Trains so many rounds of ten rows. */
  private static void rounds(TaskSpec task, int count) {
    for (int i = 0; i < count; i++) {
      broker.rows(task, 10 * i, 10 * i + 10);
      awaitVersion(task, i + 1);
    }
  }

  private static void request(TaskSpec task, long version) {
    RollbackRequest request =
        RollbackRequest.of(task.name(), version, task.name() + version, 0, "anna");
    broker.send(TopicClient.record(TOPICS.rollbacks(), task.name(), Json.write(request)));
  }

  private static CheckpointManifest awaitVersion(TaskSpec task, long version) {
    await().atMost(LIMIT).until(() -> version(task, version) != null);
    return version(task, version);
  }

  private static CheckpointManifest version(TaskSpec task, long version) {
    return broker.history(task.name()).stream()
        .filter(manifest -> manifest.version() == version)
        .findFirst()
        .orElse(null);
  }

  private static void awaitRejection(TaskSpec task, String error) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(newestRequest(task).error()).isEqualTo(error));
  }

  private static RollbackRequest newestRequest(TaskSpec task) {
    byte[] value = newest(TOPICS.rollbacks(), task);
    return value == null ? null : Json.read(value, RollbackRequest.class);
  }

  private static TrainingProgress newestProgress(TaskSpec task) {
    return Json.read(newest(TOPICS.training(), task), TrainingProgress.class);
  }

  private static byte[] newest(io.lift.messages.Topic<?> topic, TaskSpec task) {
    byte[] newest = null;
    for (var record : broker.client().read(topic)) {
      if (task.name().equals(HeaderValues.text(record.key()))) {
        newest = record.value();
      }
    }
    return newest;
  }

  private static List<String> learned(CheckpointManifest manifest) throws IOException {
    return CountingFineTuners.learned(
        CheckpointFiles.read(broker.connection(), manifest, Duration.ofSeconds(10)));
  }

  /** The prompts of some ranges of rows, in order. */
  private static List<String> prompts(TaskSpec task, int... bounds) {
    List<String> prompts = new ArrayList<>();
    for (int i = 0; i < bounds.length; i += 2) {
      for (int row = bounds[i]; row < bounds[i + 1]; row++) {
        prompts.add(Rows.prompt(task, row).prompt());
      }
    }
    return prompts;
  }

  private static void assertEachRowEntersOnce(TaskSpec task, int rows) {
    long total = 0;
    OffsetRange before = null;
    for (CheckpointManifest manifest : broker.history(task.name())) {
      OffsetRange range = manifest.ranges().values().iterator().next();
      total += manifest.newRows();
      if (before != null) {
        assertThat(range.from()).isEqualTo(before.to());
      }
      before = range;
    }
    assertThat(total).isEqualTo(rows);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
