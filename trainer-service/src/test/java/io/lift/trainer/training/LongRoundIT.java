package io.lift.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lift.core.task.TaskSpec;
import io.lift.kafka.CheckpointFiles;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.TrainingProgress.State;
import io.lift.trainer.assignment.TrainingStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rounds that take long, beside those of other tasks, on a real broker. */
class LongRoundIT extends TrainerScenario {
  private final Map<String, Integer> steps = new ConcurrentHashMap<>();

  @Test
  void theFirstRoundOfATaskIsNotHeldByTheLongRoundOfAnother() throws Exception {
    TaskSpec slow = task("slow");
    TaskSpec other = task("other");
    steps.put("slow", Integer.MAX_VALUE);
    TrainerNode node = node("l", new BudgetFineTuners(budget -> 0.5, this::steps));
    broker.rows(slow, 0, 10);
    await().atMost(LIMIT).until(() -> step(node, slow) > 0);

    broker.rows(other, 0, 10);
    CheckpointManifest first = awaitVersion(other, 1);

    assertThat(first.newRows()).isEqualTo(10);
    assertThat(broker.history("slow")).isEmpty();
    int before = step(node, slow);
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              assertThat(status(node, slow).orElseThrow().state()).isEqualTo(State.TRAINING);
              assertThat(step(node, slow)).isGreaterThan(before);
            });
    steps.put("slow", 1);
    CheckpointManifest whole = awaitVersion(slow, 1);
    broker.rows(slow, 10, 20);
    awaitRows(slow, 20);

    assertThat(range(whole).to() - range(whole).from()).isEqualTo(10);
    assertThat(last(slow).newRows()).isEqualTo(10);
    assertThat(
            BudgetFineTuners.learned(
                CheckpointFiles.read(broker.connection(), last(slow), Duration.ofSeconds(10))))
        .isEqualTo(prompts(slow, 20));
    assertThat(node.meters().get("lift.train.seconds").tag("task", "slow").counter().count())
        .isPositive();
    assertThat(node.meters().get("lift.train.rounds.paused").gauge().value()).isZero();
  }

  @Test
  void aPausedRoundOfADeletedTaskIsForgotten() {
    TaskSpec slow = task("deleted-slow");
    TaskSpec endless = task("endless");
    steps.put("deleted-slow", Integer.MAX_VALUE);
    TrainerNode node = node("m", new BudgetFineTuners(budget -> 0.5, this::steps));
    broker.rows(slow, 0, 10);
    await().atMost(LIMIT).until(() -> step(node, slow) > 0);
    steps.put("endless", Integer.MAX_VALUE);
    broker.rows(endless, 0, 10);
    await().atMost(LIMIT).until(() -> paused(node) == 1 && step(node, endless) > 0);

    broker.delete("deleted-slow");
    await().atMost(LIMIT).until(() -> paused(node) == 0);
    steps.put("endless", 1);

    assertThat(awaitVersion(endless, 1).newRows()).isEqualTo(10);
    assertThat(broker.history("deleted-slow")).isEmpty();
  }

  private static double paused(TrainerNode node) {
    return node.meters().get("lift.train.rounds.paused").gauge().value();
  }

  /** Steps done of a task's round; 0 before its partition is assigned too. */
  private static int step(TrainerNode node, TaskSpec task) {
    return status(node, task).map(TrainingStatus::step).orElse(0);
  }

  private static Optional<TrainingStatus> status(TrainerNode node, TaskSpec task) {
    return node.trainer().status().stream()
        .filter(status -> status.task().equals(task.name()))
        .findFirst();
  }

  private static List<String> prompts(TaskSpec task, int rows) {
    return IntStream.range(0, rows).mapToObj(row -> Rows.prompt(task, row).prompt()).toList();
  }

  /** Steps of a round of a task; an endless one takes its time for each. */
  private int steps(String task) {
    int planned = steps.getOrDefault(task, BudgetFineTuners.STEPS);
    if (planned == Integer.MAX_VALUE) {
      LockSupport.parkNanos(20_000_000);
    }
    return planned;
  }
}
