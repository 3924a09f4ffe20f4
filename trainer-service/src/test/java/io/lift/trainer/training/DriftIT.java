package io.lift.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lift.core.task.TaskSpec;
import io.lift.core.task.TrainingPolicy;
import io.lift.messages.ChartsMessage.Drift;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.EventMessage;
import io.lift.messages.EventMessage.Kind;
import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import io.lift.messages.PromptOffset;
import io.lift.testing.TopicClient;
import io.lift.trainer.prompts.PromptReader;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Drifts on {@code lift.events} and the rounds that follow them, on a real broker. */
class DriftIT extends TrainerScenario {

  /** A further round starts with a thousand rows, or after ten minutes. */
  private static final TrainingPolicy SLOW =
      TrainingPolicy.builder()
          .window(0)
          .firstRound(10)
          .roundRows(1_000)
          .roundSeconds(600.0)
          .epochs(1.0)
          .maxSteps(4)
          .members(1)
          .seed(7L)
          .build();

  private static int partition(TaskSpec task) {
    return PromptReader.partition(task.name(), TOPICS.prompts().partitions());
  }

  /** Tells of a drift that a row of the task's partition showed. */
  private static EventMessage drift(TaskSpec task, long offset) {
    PromptOffset detected = new PromptOffset(partition(task), offset);
    PromptOffset since = new PromptOffset(partition(task), Math.max(0, offset - 3));
    EventMessage drift =
        EventMessage.drift(
            task.name(), new Drift(12, 1, 0.9, 0.5, since), "accuracy", 3, detected, "It drifts.");
    broker.send(TopicClient.record(TOPICS.events(), task.name(), Json.write(drift)));
    return drift;
  }

  private static List<EventMessage> retrained(TaskSpec task) {
    return broker.client().read(TOPICS.events()).stream()
        .filter(record -> task.name().equals(HeaderValues.text(record.key())))
        .map(record -> Json.read(record.value(), EventMessage.class))
        .filter(event -> event.kind() == Kind.RETRAINED)
        .toList();
  }

  @Test
  void aDriftStartsARoundAtOnceAndItsCheckpointIsSaidInTheSameTransaction() {
    TaskSpec task = publish(Rows.task("drifts", SLOW));
    node("a", new CountingFineTuners());
    broker.rows(task, 0, 10);
    long first = range(awaitVersion(task, 1)).to();
    broker.rows(task, 10, 15);

    EventMessage drift = drift(task, first + 4);

    CheckpointManifest second = awaitVersion(task, 2);
    assertThat(second.newRows()).isEqualTo(5);
    await().atMost(LIMIT).until(() -> !retrained(task).isEmpty());
    EventMessage retrained = retrained(task).get(0);
    assertThat(retrained.version()).isEqualTo(2);
    assertThat(retrained.replaced()).isEqualTo(1);
    assertThat(retrained.rows()).isEqualTo(5);
    assertThat(retrained.at()).isEqualTo(second.createdAt());
    assertThat(retrained.since()).isEqualTo(drift.since());
    assertThat(retrained.text()).contains("Version 2 of task drifts");

    broker.rows(task, 15, 1_015);
    assertThat(awaitVersion(task, 3).newRows()).isEqualTo(1_000);
    assertThat(retrained(task)).as("once for a drift").hasSize(1);
    assertContiguous(task, 1_015);
  }

  @Test
  void aRoundThatBeganBeforeTheDriftIsFollowedByOneWithItsRows() throws Exception {
    TaskSpec task = publish(Rows.task("running", SLOW));
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
    broker.rows(task, 0, 10);
    long first = range(awaitVersion(task, 1)).to();
    hold.set(true);
    broker.rows(task, 10, 1_010);
    training.await();
    broker.rows(task, 1_010, 1_020);

    drift(task, first + 1_009);
    hold.set(false);
    release.countDown();

    assertThat(awaitVersion(task, 2).newRows()).isEqualTo(1_000);
    assertThat(awaitVersion(task, 3).newRows()).isEqualTo(10);
    await().atMost(LIMIT).until(() -> !retrained(task).isEmpty());
    assertThat(retrained(task))
        .singleElement()
        .satisfies(event -> assertThat(event.version()).isEqualTo(3));
  }

  @Test
  void aTrainerThatStartsAfterTheDriftBeginsTheRound() throws Exception {
    TaskSpec task = publish(Rows.task("later", SLOW));
    TrainerNode before = node("c", new CountingFineTuners());
    broker.rows(task, 0, 10);
    long first = range(awaitVersion(task, 1)).to();
    stop(before);
    broker.rows(task, 10, 15);
    drift(task, first + 4);

    TrainerNode after = node("c", new CountingFineTuners());

    assertThat(awaitVersion(task, 2).newRows()).isEqualTo(5);
    await().atMost(LIMIT).until(() -> retrained(task).size() == 1);
    stop(after);
    node("c", new CountingFineTuners());
    broker.rows(task, 15, 1_015);
    assertThat(awaitVersion(task, 3).newRows()).as("the drift is answered").isEqualTo(1_000);
    assertThat(retrained(task)).hasSize(1);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
