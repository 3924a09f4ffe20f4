package io.lift.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.task.TrainingPolicy;
import io.lift.trainer.prompts.TaskWindow;
import io.lift.trainer.prompts.WindowRow;
import io.lift.trainer.training.Rows;
import io.lift.trainer.training.TrainerNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundPlannerTest {
  private static final long NEVER = Long.MAX_VALUE;
  private static final TrainingPolicy OPEN = TrainingPolicy.defaults();
  private static final Example EXAMPLE = new Example(new Prompt("a row", new int[0]), "a@@@");

  @Test
  void aFirstRoundStartsWithItsRows() {
    Candidate task = task("a", OPEN, null);
    add(task, 0, 64, 1_000);

    assertThat(RoundPlanner.dueAt(task, false)).isZero();
  }

  @Test
  void aFirstRoundWithFewRowsStartsOnceTheOldestHasWaited() {
    Candidate task = task("a", OPEN, null);
    add(task, 0, 7, 1_000);
    assertThat(RoundPlanner.dueAt(task, false)).isEqualTo(NEVER);

    add(task, 7, 8, 2_000);
    assertThat(RoundPlanner.dueAt(task, false)).isEqualTo(6_000);
  }

  @Test
  void aTaskThatNamesItsFirstRoundWaitsForExactlyThatMany() {
    Candidate task =
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
    Candidate task = task("a", OPEN, 10L);
    add(task, 10, 11, 1_000);
    assertThat(RoundPlanner.dueAt(task, false)).isEqualTo(6_000);

    add(task, 11, 10 + 256, 5_999);
    assertThat(RoundPlanner.dueAt(task, false)).isZero();
  }

  @Test
  void rehearsedRowsStartNoRound() {
    Candidate task = task("a", OPEN, 10L);
    add(task, 0, 10, 1_000);

    assertThat(RoundPlanner.dueAt(task, false)).isEqualTo(NEVER);
    assertThat(RoundPlanner.dueAt(task, true)).isEqualTo(NEVER);
  }

  @Test
  void aFullBufferStartsWhateverWaits() {
    Candidate task =
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
    Candidate task = task("a", OPEN, null);
    add(task, 0, 64, 1_000);
    task.failed(64);
    assertThat(RoundPlanner.dueAt(task, false)).isEqualTo(NEVER);

    add(task, 64, 65, 1_000);
    assertThat(RoundPlanner.dueAt(task, false)).isZero();
  }

  @Test
  void afterADriftAFurtherRoundStartsWithTheRowsThatThereAre() {
    Candidate task = task("a", OPEN, 10L);
    task.drifted = true;
    assertThat(RoundPlanner.dueAt(task, false)).isEqualTo(NEVER);

    add(task, 10, 11, 1_000);
    assertThat(RoundPlanner.dueAt(task, false)).isZero();
    task.failed(11);
    assertThat(RoundPlanner.dueAt(task, false)).isEqualTo(NEVER);
  }

  @Test
  void aDriftStartsNoFirstRound() {
    Candidate task = task("a", OPEN, null);
    task.drifted = true;
    add(task, 0, 7, 1_000);
    assertThat(RoundPlanner.dueAt(task, false)).isEqualTo(NEVER);
  }

  @Test
  void theTaskThatHasWaitedLongestComesFirst() {
    Candidate late = task("a", OPEN, null);
    Candidate early = task("b", OPEN, null);
    add(late, 0, 300, 2_000);
    add(early, 0, 64, 1_000);

    assertThat(RoundPlanner.next(List.of(late, early), 3_000, false)).contains(early);
  }

  @Test
  void aFirstRoundThatHasNotBegunComesBeforeRowsThatHaveWaitedLonger() {
    Candidate served = task("a", OPEN, 10L);
    Candidate unserved = task("b", OPEN, null);
    Candidate begun = task("c", OPEN, null);
    add(served, 10, 300, 1_000);
    add(unserved, 0, 64, 9_000);
    add(begun, 0, 64, 1_000);
    begun.pausedAt = 2_000;

    assertThat(RoundPlanner.next(List.of(served, unserved, begun), 10_000, false))
        .contains(unserved);
  }

  @Test
  void aTaskOfTwiceThePriorityComesFirstAfterHalfTheTime() {
    Candidate usual = task("a", OPEN, 10L);
    Candidate important = task("b", OPEN, 10L);
    important.priority = 2;
    add(usual, 10, 300, 1_000);
    add(important, 10, 300, 5_000);

    assertThat(RoundPlanner.next(List.of(usual, important), 8_000, false)).contains(usual);
    assertThat(RoundPlanner.next(List.of(usual, important), 10_000, false)).contains(important);
  }

  @Test
  void aPausedRoundIsDueAndWaitsSinceItWasPaused() {
    Candidate paused = task("a", OPEN, 10L);
    paused.pausedAt = 5_000;
    Candidate other = task("b", OPEN, 10L);
    add(other, 10, 300, 6_000);

    assertThat(RoundPlanner.dueAt(paused, false)).isZero();
    assertThat(RoundPlanner.next(List.of(paused, other), 9_000, false)).contains(paused);
    paused.pausedAt = 7_000;
    assertThat(RoundPlanner.next(List.of(paused, other), 9_000, false)).contains(other);
  }

  private static void add(Candidate task, int from, int to, long arrivedAt) {
    for (int offset = from; offset < to; offset++) {
      task.window().add(new WindowRow(offset, EXAMPLE, arrivedAt), true);
    }
  }

  /** A task that no checkpoint holds, or one that a checkpoint holds up to an offset. */
  private static Candidate task(String name, TrainingPolicy policy, Long trainedTo) {
    return new Candidate(
        name,
        new TaskWindow(0, trainedTo == null ? 0 : trainedTo),
        TrainerNode.settings("test", 1_000).policy(Rows.task(name, policy)),
        trainedTo != null);
  }

  private static final class Candidate implements RoundCandidate {
    private final String name;
    private final TaskWindow window;
    private final RoundPolicy policy;
    private final boolean started;
    private long failedTo;
    private boolean drifted;
    private double priority = 1;
    private long pausedAt;

    Candidate(String name, TaskWindow window, RoundPolicy policy, boolean started) {
      this.name = name;
      this.window = window;
      this.policy = policy;
      this.started = started;
    }

    void failed(long to) {
      failedTo = to;
    }

    @Override
    public TaskWindow window() {
      return window;
    }

    @Override
    public RoundPolicy policy() {
      return policy;
    }

    @Override
    public boolean started() {
      return started;
    }

    @Override
    public boolean dueNow() {
      return drifted;
    }

    @Override
    public double priority() {
      return priority;
    }

    @Override
    public long pausedAt() {
      return pausedAt;
    }

    @Override
    public long failedTo() {
      return failedTo;
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
