package io.lift.trainer.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TrainingPolicy;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.Topics;
import io.lift.model.RoundReport;
import io.lift.trainer.prompts.PartitionAssignment;
import io.lift.trainer.prompts.WindowRow;
import io.lift.trainer.publish.TaskTables;
import io.lift.trainer.round.PausedRound;
import io.lift.trainer.round.Round;
import io.lift.trainer.round.RoundControl.Next;
import io.lift.trainer.round.RoundSharing;
import io.lift.trainer.training.Rows;
import io.lift.trainer.training.TrainerNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How long rounds go on, by a clock that the test sets. An age of 20 s gives a task alone 9 s. */
class RoundTurnsTest {
  private static final boolean STARTED = true;
  private static final boolean FIRST = false;
  private static final PartitionAssignment PARTITION = new PartitionAssignment(1, 0, 1, 0);

  private final AssignedTasks tasks =
      new AssignedTasks(
          TrainerNode.settings("test", 10_000),
          "base",
          new TaskTables(new KafkaConnection(Map.of(), Topics.of(""))));
  private final RoundTurns turns =
      new RoundTurns(tasks, new RoundSharing(Duration.ofSeconds(20), 1));

  @Test
  void aRoundIsCutWhenItsTimeIsUsedAndRowsHaveComeBehindIt() {
    TaskTraining stream = task("stream", 1, FIRST);
    arrive(stream, 0, 64);
    RunningWork work = begin(stream);
    arrive(stream, 64, 65);

    assertThat(after(work, 7_100)).isEqualTo(Next.CONTINUE);
    assertThat(after(work, 7_201)).as("0.8 of 9 s; the rest is for closing").isEqualTo(Next.CUT);
    assertThat(after(work, 7_300)).as("while it closes").isEqualTo(Next.CUT);
  }

  @Test
  void aRoundOfAProducerThatWaitsIsTrainedInFull() {
    TaskTraining table = task("table", 1, FIRST);
    arrive(table, 0, 64);

    assertThat(after(begin(table), 3_600_000)).isEqualTo(Next.CONTINUE);
  }

  @Test
  void timeIsSharedWithAllTasksThatHaveWork() {
    TaskTraining stream = task("stream", 1, STARTED);
    arrive(stream, 0, 300);
    RunningWork work = begin(stream);
    arrive(stream, 300, 301);
    arrive(task("other", 3, STARTED), 0, 300);

    assertThat(after(work, 1_100)).isEqualTo(Next.CONTINUE);
    assertThat(after(work, 1_250)).as("0.8 of a quarter of 10 s less 1 s").isEqualTo(Next.CUT);
  }

  @Test
  void aLongRoundMakesRoomForAFirstRoundAfterASecond() {
    RunningWork work = longRound();
    arrive(task("new", 1, FIRST), 0, 64);

    assertThat(after(work, 999)).isEqualTo(Next.CONTINUE);
    assertThat(after(work, 1_001)).isEqualTo(Next.PAUSE);
  }

  @Test
  void aLongRoundMakesRoomForStaleTasksAfterItsSlice() {
    RunningWork work = longRound();
    arrive(task("stale", 1, STARTED), 0, 300);

    assertThat(after(work, 4_900)).isEqualTo(Next.CONTINUE);
    assertThat(after(work, 5_001)).isEqualTo(Next.PAUSE);
  }

  @Test
  void aFirstRoundHasItsOwnTimeBeforeThoseOfOthers() {
    TaskTraining first = task("first", 1, FIRST);
    arrive(first, 0, 64);
    RunningWork work = begin(first);
    arrive(task("new", 1, FIRST), 0, 64);

    assertThat(after(work, 3_100)).isEqualTo(Next.CONTINUE);
    assertThat(after(work, 3_201)).as("0.8 of half of 10 s less 1 s").isEqualTo(Next.PAUSE);
  }

  @Test
  void aRoundIsNotPausedForATaskWhoseRowsMakeNoRoundYet() {
    RunningWork work = longRound();
    arrive(task("few", 1, FIRST), 0, 5);

    assertThat(after(work, 3_600_000)).isEqualTo(Next.CONTINUE);
  }

  @Test
  void noMoreRoundsArePausedThanTheSettingsSay() {
    TaskTraining paused = task("paused", 1, STARTED);
    arrive(paused, 0, 300);
    pause(paused, paused.beginRound(null, false));
    RunningWork work = longRound();
    arrive(task("new", 1, FIRST), 0, 64);

    assertThat(turns.paused()).isEqualTo(1);
    assertThat(after(work, 3_600_000)).isEqualTo(Next.CONTINUE);
  }

  @Test
  void aPausedRoundIsVoidOnceItsTaskLearnsOtherwise() {
    TaskTraining task = task("changed", 1, STARTED);
    arrive(task, 0, 300);
    pause(task, task.beginRound(null, false));

    task.change(Rows.task("changed", TrainingPolicy.builder().priority(5.0).build()), 300);
    assertThat(task.paused()).as("a priority is no other training").isPresent();
    task.change(Rows.task("changed", TrainingPolicy.builder().epochs(1.0).build()), 300);
    assertThat(task.paused()).isEmpty();
    assertThat(task.window().fresh()).isEqualTo(300);
  }

  @Test
  void aCancelledRoundStops() {
    RunningWork work = longRound();
    work.cancel();

    assertThat(after(work, 1)).isEqualTo(Next.STOP);
  }

  @Test
  void whatARoundTookBesideItsStepsIsTakenFromTheTimeOfTheNext() {
    TaskTraining stream = task("stream", 1, STARTED);
    turns.ended(stream, 5_000);
    arrive(stream, 0, 300);
    RunningWork work = begin(stream);
    arrive(stream, 300, 301);

    assertThat(after(work, 3_900)).isEqualTo(Next.CONTINUE);
    assertThat(after(work, 4_001)).as("0.8 of 10 s less 5 s").isEqualTo(Next.CUT);
  }

  private final Map<RunningWork, Round> rounds = new HashMap<>();

  private Next after(RunningWork work, long now) {
    work.progress(1, 1_000, 0.5, now);
    return turns.after(work, rounds.get(work), false, now);
  }

  private RunningWork longRound() {
    TaskTraining table = task("table", 1, STARTED);
    arrive(table, 0, 300);
    return begin(table);
  }

  /** Begins a round at 1 with its first step. */
  private RunningWork begin(TaskTraining task) {
    Round round = task.beginRound(null, false);
    RunningWork work = new RunningWork(task, round, 1, 0);
    work.progress(1, 1_000, 0.5, 1);
    rounds.put(work, round);
    return work;
  }

  private static void pause(TaskTraining task, Round round) {
    task.paused(
        new PausedRound(
            round,
            task.lineage().id(),
            new byte[0],
            new double[0],
            new RoundReport(false, 1, 1, 0, 1, 1, 0),
            1_000,
            1_000,
            1,
            10));
    task.rest();
  }

  /**
   * A task of the trainer.
   *
   * @param started whether it has a checkpoint, which was trained on no row of this log
   */
  private TaskTraining task(String name, double priority, boolean started) {
    TaskSpec spec = Rows.task(name, TrainingPolicy.builder().priority(priority).build());
    CheckpointManifest latest =
        new CheckpointManifest(
            name,
            1,
            0,
            1,
            new TaskLanguage(spec).hash(),
            "base",
            "sha",
            1,
            new CheckpointManifest.Location(0, 0, 1),
            0,
            "test",
            1,
            0,
            Map.of(0, new CheckpointManifest.OffsetRange(0, 0)),
            Map.of(0, 0L),
            0,
            0,
            Map.of(),
            null,
            null);
    TaskTraining task =
        new TaskTraining(
            PARTITION,
            TrainerNode.settings("test", 10_000),
            "base",
            spec,
            started ? latest : null,
            started ? 1 : 0,
            tasks::nextLineage);
    tasks.add(task);
    return task;
  }

  private static void arrive(TaskTraining task, int from, int to) {
    for (int row = from; row < to; row++) {
      task.add(new WindowRow(row, Rows.example(task.spec(), row), 0));
    }
  }
}
