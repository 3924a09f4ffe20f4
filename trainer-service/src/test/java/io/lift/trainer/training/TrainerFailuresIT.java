package io.lift.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lift.core.task.TaskSpec;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.model.TrainingFailedException;
import io.lift.testing.TopicClient;
import io.lift.trainer.assignment.TrainingStatus;
import io.micrometer.core.instrument.Counter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rounds that fail, trainers that lose their partition, and records that are no prompts. */
class TrainerFailuresIT extends TrainerScenario {

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
        closed(
            new TrainerNode(
                broker,
                new CountingFineTuners(
                    (step, of, loss) -> {
                      waitFor(release);
                      return true;
                    },
                    () -> true),
                Map.of(),
                TrainerNode.settings("i", 100)));
    broker.rows(task, 0, 1_000);
    await().atMost(LIMIT).until(() -> waiting(node, task) >= 100);
    int stopped = waiting(node, task);
    assertThat(stopped).isLessThanOrEqualTo(150);

    release.countDown();
    awaitRows(task, 1_000);
    assertContiguous(task, 1_000);
  }

  /** The reasons of the dead letters with the key of one of the tasks, or with none. */
  private static List<String> letters(TaskSpec... tasks) {
    List<String> names = Stream.of(tasks).map(TaskSpec::name).toList();
    return broker.client().read(TOPICS.deadLetters()).stream()
        .filter(letter -> letter.key() == null || names.contains(HeaderValues.text(letter.key())))
        .map(letter -> HeaderValues.string(letter.headers(), Headers.ERROR_REASON))
        .toList();
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

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
