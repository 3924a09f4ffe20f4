package io.lift.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.task.TaskSpec;
import io.lift.core.task.TrainingPolicy;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.CheckpointManifest.OffsetRange;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundPlannerTest {
  private static final long NEVER = Long.MAX_VALUE;
  private static final TrainingPolicy OPEN = TrainingPolicy.defaults();

  @Test
  void aFirstRoundStartsWithItsRows() {
    TaskTraining task = task("a", OPEN, null);
    add(task, 0, 64, 1_000);

    assertThat(RoundPlanner.dueAt(task, false)).isZero();
  }

  @Test
  void aFirstRoundWithFewRowsStartsOnceRowsStoppedComing() {
    TaskTraining task = task("a", OPEN, null);
    add(task, 0, 7, 1_000);
    assertThat(RoundPlanner.dueAt(task, false)).isEqualTo(NEVER);

    add(task, 7, 8, 2_000);
    assertThat(RoundPlanner.dueAt(task, false)).isEqualTo(7_000);
  }

  @Test
  void aTaskThatNamesItsFirstRoundWaitsForExactlyThatMany() {
    TaskTraining task =
        task(
            "a",
            TrainingPolicy.builder()
                .window(0)
                .firstRound(30)
                .roundRows(5)
                .roundSeconds(1.0)
                .build(),
            null);
    add(task, 0, 29, 1_000);
    assertThat(RoundPlanner.dueAt(task, false)).isEqualTo(NEVER);

    add(task, 29, 30, 1_000);
    assertThat(RoundPlanner.dueAt(task, false)).isZero();
  }

  @Test
  void aFurtherRoundStartsWithEnoughRowsOrAfterItsSeconds() {
    TaskTraining task = task("a", OPEN, 10L);
    add(task, 10, 11, 1_000);
    assertThat(RoundPlanner.dueAt(task, false)).isEqualTo(6_000);

    add(task, 11, 10 + 256, 5_999);
    assertThat(RoundPlanner.dueAt(task, false)).isZero();
  }

  @Test
  void rehearsedRowsStartNoRound() {
    TaskTraining task = task("a", OPEN, 10L);
    add(task, 0, 10, 1_000);

    assertThat(RoundPlanner.dueAt(task, false)).isEqualTo(NEVER);
    assertThat(RoundPlanner.dueAt(task, true)).isEqualTo(NEVER);
  }

  @Test
  void aFullBufferStartsWhateverWaits() {
    TaskTraining task =
        task(
            "a",
            TrainingPolicy.builder()
                .window(0)
                .firstRound(1_000)
                .roundRows(5)
                .roundSeconds(1.0)
                .build(),
            null);
    add(task, 0, 1, 1_000);

    assertThat(RoundPlanner.dueAt(task, true)).isZero();
  }

  @Test
  void afterAFailedRoundANewerRowIsNeeded() {
    TaskTraining task = task("a", OPEN, null);
    add(task, 0, 64, 1_000);
    task.failed(64);
    assertThat(RoundPlanner.dueAt(task, false)).isEqualTo(NEVER);

    add(task, 64, 65, 1_000);
    assertThat(RoundPlanner.dueAt(task, false)).isZero();
  }

  @Test
  void theTaskThatHasWaitedLongestComesFirst() {
    TaskTraining late = task("a", OPEN, null);
    TaskTraining early = task("b", OPEN, null);
    add(late, 0, 300, 2_000);
    add(early, 0, 64, 1_000);

    assertThat(RoundPlanner.next(List.of(late, early), 3_000, false)).contains(early);
  }

  private static void add(TaskTraining task, int from, int to, long arrivedAt) {
    for (int offset = from; offset < to; offset++) {
      task.add(new WindowRow(offset, Rows.example(task.spec(), offset), arrivedAt));
    }
  }

  /** A task that no checkpoint holds, or one that a checkpoint holds up to an offset. */
  private static TaskTraining task(String name, TrainingPolicy policy, Long trainedTo) {
    TaskSpec spec = Rows.task(name, policy);
    PartitionAssignment ownership = new PartitionAssignment(0, 1, 0, 0);
    TrainerSettings settings = TrainerNode.settings("test", 1_000);
    TaskTraining start = new TaskTraining(ownership, settings, "base", spec, null, 0);
    if (trainedTo == null) {
      return start;
    }
    CheckpointManifest manifest =
        new CheckpointManifest(
            name,
            1,
            0,
            1,
            start.language().hash(),
            "base",
            "sha",
            1,
            new CheckpointManifest.Location(0, 0, 1),
            0,
            "test",
            1,
            0,
            Map.of(0, new OffsetRange(0, trainedTo)),
            Map.of(0, 0L),
            trainedTo,
            trainedTo,
            Map.of(),
            null,
            null);
    return new TaskTraining(ownership, settings, "base", spec, manifest, 1);
  }
}
