package io.lift.trainer.assignment;

import static io.lift.trainer.assignment.TrainingState.FAILED;
import static io.lift.trainer.assignment.TrainingState.PUBLISHING;
import static io.lift.trainer.assignment.TrainingState.RETIRED;
import static io.lift.trainer.assignment.TrainingState.RETRAINING;
import static io.lift.trainer.assignment.TrainingState.REVOKED;
import static io.lift.trainer.assignment.TrainingState.ROLLING_BACK;
import static io.lift.trainer.assignment.TrainingState.TRAINING;
import static io.lift.trainer.assignment.TrainingState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.core.task.TaskSpec;
import io.lift.core.task.TemplateSpec;
import io.lift.core.task.TrainingPolicy;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.CheckpointManifest.Location;
import io.lift.messages.CheckpointManifest.OffsetRange;
import io.lift.messages.RollbackRequest;
import io.lift.model.RoundReport;
import io.lift.trainer.prompts.PartitionAssignment;
import io.lift.trainer.prompts.ReadingPlan;
import io.lift.trainer.publish.Rollback;
import io.lift.trainer.publish.RollbackOutcome;
import io.lift.trainer.retrain.Retraining;
import io.lift.trainer.retrain.RetrainingOutcome;
import io.lift.trainer.round.PausedRound;
import io.lift.trainer.round.Round;
import io.lift.trainer.round.RoundControl.Next;
import io.lift.trainer.round.RoundOutcome;
import io.lift.trainer.training.BudgetFineTuners;
import io.lift.trainer.training.Rows;
import io.lift.trainer.training.TrainerNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What causes the transitions of a task's training, and what is no transition. */
class TaskTrainingTest {
  private static final TrainingPolicy OPEN = TrainingPolicy.builder().window(0).build();
  private static final RollbackRequest TO_FIRST = RollbackRequest.of("t", 1, "id", 0, null);

  private final TaskFixture trainer =
      new TaskFixture(OPEN, new BudgetFineTuners(budget -> budget / 10), null);
  private final TaskTraining task = trainer.task;
  private final WorkScheduler work = trainer.work;

  @Test
  void aRoundIsTrainedThenPublishedThenTheTaskWaits() throws Exception {
    assertThat(task.state()).isEqualTo(WAITING);
    trainer.arrive(64);
    assertThat(task.state()).isEqualTo(WAITING);

    Round round = trainer.nextRound();
    assertThat(task.state()).isEqualTo(TRAINING);
    assertThat(work.step(round, 1, 10, 0.5)).isEqualTo(Next.CONTINUE);
    assertThat(work.claim(round)).isPresent();
    assertThat(task.state()).isEqualTo(PUBLISHING);
    assertThat(work.claim(round)).as("a second attempt").isPresent();
    work.complete(round, new RoundOutcome.Discarded());

    assertThat(task.state()).isEqualTo(WAITING);
    trainer.train();
    assertThat(task.state()).isEqualTo(WAITING);
    assertThat(task.started()).isTrue();
  }

  @Test
  void aPausedRoundGoesOnWithItsOwnRowsAndIsPublishedOnce() throws Exception {
    trainer.arrive(64);
    Round round = trainer.nextRound();
    work.step(round, 4, 10, 0.5);
    RoundReport part = new RoundReport(false, 4, 40, 0, 1, 0.5, 0);
    work.complete(round, new RoundOutcome.Paused(new byte[] {7}, new double[0], part));
    assertThat(task.state()).isEqualTo(WAITING);
    assertThat(TrainingStatus.of(task, Optional.empty()).step()).isEqualTo(4);
    trainer.arrive(300);

    PausedRound resumed = ((Work.ResumeRound) trainer.next()).paused();

    assertThat(resumed.round()).isSameAs(round);
    assertThat(resumed.file()).containsExactly(7);
    assertThat(resumed.done()).isEqualTo(part);
    assertThat(task.state()).isEqualTo(TRAINING);
    assertThat(work.claim(round)).isPresent();
    work.complete(round, new RoundOutcome.Published(manifest(round), new double[0]));
    assertThat(trainer.nextRound().range()).isEqualTo(new OffsetRange(64, 364));
  }

  @Test
  void aRoundThatIsCancelledAsItPausesIsNotGoneOnWith() throws Exception {
    trainer.arrive(64);
    Round round = trainer.nextRound();
    trainer.state.planner().cancelRound("t");
    RoundReport part = new RoundReport(false, 4, 40, 0, 1, 0.5, 0);
    work.complete(round, new RoundOutcome.Paused(new byte[0], new double[0], part));

    assertThat(trainer.nextRound()).isNotSameAs(round);
  }

  @Test
  void aFailedRoundWaitsForANewerRow() throws Exception {
    fail(64);
    assertThat(task.state()).isEqualTo(FAILED);
    trainer.assertNoWork();

    trainer.arrive(1);

    assertThat(task.state()).isEqualTo(WAITING);
    assertThat(trainer.nextRound().range().to()).isEqualTo(65);
  }

  @Test
  void aRoundThatFailsAfterNewerRowsCameIsFollowedByAnother() throws Exception {
    trainer.arrive(64);
    Round round = trainer.nextRound();
    trainer.arrive(1);

    work.complete(round, new RoundOutcome.Failed("for a test"));

    assertThat(task.state()).isEqualTo(WAITING);
    assertThat(trainer.nextRound()).isNotNull();
  }

  @Test
  void aFullBufferEndsTheWaitAfterAFailedRound() throws Exception {
    fail(64);
    assertThat(task.beginRound(null, false)).isNotNull();
    assertThat(task.state()).isEqualTo(TRAINING);
  }

  @Test
  void anotherLanguageEndsTheWaitAfterAFailedRound() throws Exception {
    fail(64);
    TaskSpec other = Rows.task("t", 2, TemplateSpec.paper(), OPEN);

    assertThat(task.change(other, trainer.sent())).isTrue();

    assertThat(task.state()).isEqualTo(WAITING);
    assertThat(task.window().fresh()).isZero();
  }

  @Test
  void anotherPolicyDoesNotEndTheWaitAfterAFailedRound() throws Exception {
    fail(64);
    TrainingPolicy other = TrainingPolicy.builder().window(0).epochs(2.0).build();

    assertThat(task.change(Rows.task("t", 2, TemplateSpec.named(), other), 64)).isTrue();

    assertThat(task.state()).isEqualTo(FAILED);
  }

  @Test
  void anUnusableParentStartsANewLineage() throws Exception {
    trainer.arrive(64);
    trainer.train();
    trainer.arrive(256);
    long lineage = task.lineage().id();
    Round round = trainer.nextRound();

    work.complete(round, new RoundOutcome.ParentUnusable());

    assertThat(task.state()).isEqualTo(WAITING);
    assertThat(task.lineage().id()).isNotEqualTo(lineage);
    Round next = trainer.nextRound();
    assertThat(next.parent()).isNull();
    assertThat(next.version()).isEqualTo(2);
    assertThat(next.rows().fresh()).hasSize(320);
  }

  @Test
  void retrainingEndsInTheStateBefore() throws Exception {
    outgrow();
    Retraining first = trainer.nextRetraining();
    assertThat(task.state()).isEqualTo(RETRAINING);
    work.complete(first, new RetrainingOutcome.Paused(new byte[] {1}));
    assertThat(task.state()).isEqualTo(WAITING);

    trainer.arrive(256);
    work.complete(trainer.nextRound(), new RoundOutcome.Failed("for a test"));
    assertThat(task.state()).isEqualTo(FAILED);
    Retraining second = trainer.nextRetraining();
    assertThat(task.state()).isEqualTo(RETRAINING);
    work.complete(second, new RetrainingOutcome.Paused(new byte[] {2}));
    assertThat(task.state()).isEqualTo(FAILED);
  }

  @Test
  void aRetrainingThatPassedJoinsAfterAFailedRound() throws Exception {
    outgrow();
    work.complete(trainer.nextRetraining(), new RetrainingOutcome.Paused(new byte[] {1}));
    fail(256);
    work.complete(trainer.nextRetraining(), new RetrainingOutcome.Passed(new byte[] {2}));
    assertThat(task.state()).isEqualTo(FAILED);

    Round joining = trainer.nextRound();
    assertThat(joining.retrained().file()).isEqualTo(new byte[] {2});
    assertThat(task.state()).isEqualTo(TRAINING);
    work.complete(joining, new RoundOutcome.Discarded());
    assertThat(task.state()).isEqualTo(FAILED);
    assertThat(trainer.nextRound().retrained().file()).isEqualTo(new byte[] {2});
  }

  @Test
  void aRollbackEndsInTheStateBeforeUnlessItIsPublished() throws Exception {
    trainer.arrive(64);
    trainer.train();
    fail(256);
    Rollback postponed = trainer.state.planner().beginRollback(task, TO_FIRST, 0);
    assertThat(task.state()).isEqualTo(ROLLING_BACK);
    work.complete(postponed, new RollbackOutcome.Postponed());
    assertThat(task.state()).isEqualTo(FAILED);

    Rollback rejected = trainer.state.planner().beginRollback(task, TO_FIRST, 0);
    work.complete(rejected, new RollbackOutcome.Rejected());
    assertThat(task.state()).isEqualTo(FAILED);

    Rollback rollback = trainer.state.planner().beginRollback(task, TO_FIRST, 0);
    CheckpointManifest manifest =
        rollback.manifest(trainer.history.get(0), "test").apply(new Location(0, 0, 1));
    work.complete(rollback, new RollbackOutcome.Published(manifest));
    assertThat(task.state()).isEqualTo(WAITING);
    assertThat(task.lineage().parent()).isEqualTo(manifest);
  }

  @Test
  void aDeletedTasksRoundIsNeitherClaimedNorRecorded() throws Exception {
    trainer.arrive(64);
    Round round = trainer.nextRound();

    trainer.state.tasks().retire("t");
    trainer.state.planner().cancelRound("t");

    assertThat(task.state()).isEqualTo(RETIRED);
    assertThat(work.step(round, 1, 10, 0.5)).isEqualTo(Next.STOP);
    assertThat(work.claim(round)).isEmpty();
    work.complete(round, new RoundOutcome.Discarded());
    assertThat(task.state()).isEqualTo(RETIRED);
    assertThat(trainer.next()).isEqualTo(new Work.RetireTask("t"));
  }

  @Test
  void aCheckpointOfADeletedTaskThatExistsAgainCountsForTheNewTraining() throws Exception {
    trainer.arrive(64);
    Round round = trainer.nextRound();
    assertThat(work.claim(round)).isPresent();

    trainer.state.tasks().retire("t");
    TaskTraining again = trainingOf(task.partition());
    trainer.state.tasks().add(again);
    work.complete(round, new RoundOutcome.Published(manifest(round), new double[0]));

    assertThat(task.state()).isEqualTo(RETIRED);
    assertThat(again.state()).isEqualTo(WAITING);
    assertThat(again.lineage().nextVersion()).isEqualTo(2);
  }

  @Test
  void aRevokedPartitionsRoundIsNotClaimedAndItsCheckpointDoesNotCount() throws Exception {
    trainer.arrive(64);
    Round round = trainer.nextRound();

    trainer.state.partitions().remove(List.of(0));
    assertThat(trainer.state.tasks().revoke(trainer.state.partitions())).containsExactly("t");
    trainer.state.partitions().add(0, 0, ReadingPlan.from(0));
    TaskTraining again =
        trainingOf(trainer.state.partitions().position(0).orElseThrow().assignment());
    trainer.state.tasks().add(again);

    assertThat(task.state()).isEqualTo(REVOKED);
    assertThat(work.claim(round)).isEmpty();
    work.complete(round, new RoundOutcome.Published(manifest(round), new double[0]));
    assertThat(again.lineage().nextVersion()).as("the new assignment reads the log").isEqualTo(1);
  }

  @Test
  void workThatIsNotRunningCannotGoOnOrEnd() throws Exception {
    trainer.arrive(64);
    Round round = trainer.nextRound();
    assertThatThrownBy(() -> work.next(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The work for t has not ended");
    work.complete(round, new RoundOutcome.Discarded());

    assertThatThrownBy(() -> work.step(round, 1, 10, 0.5))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("This Round is not running");
    assertThatThrownBy(() -> work.claim(round)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> work.complete(round, new RoundOutcome.Discarded()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatHasEndedBeginsNothing() throws Exception {
    outgrow();
    task.retire();
    assertThatThrownBy(task::retire).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(task::revoke).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(task::beginRetraining).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(task::beginPublishing).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> task.beginRound(null, false))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> task.beginRollback(TO_FIRST))
        .isInstanceOf(IllegalStateException.class);
  }

  private void fail(int rows) throws InterruptedException {
    trainer.arrive(rows);
    work.complete(trainer.nextRound(), new RoundOutcome.Failed("for a test"));
  }

  private void outgrow() throws InterruptedException {
    trainer.arrive(64);
    trainer.train();
    trainer.arrive(256);
    trainer.train();
  }

  private TaskTraining trainingOf(PartitionAssignment partition) {
    return new TaskTraining(
        partition,
        TrainerNode.settings("test", 1_000),
        "base",
        task.spec(),
        null,
        0,
        trainer.state.tasks()::nextLineage);
  }

  private static CheckpointManifest manifest(Round round) {
    return new CheckpointManifest(
        "t",
        round.version(),
        0,
        1,
        round.language().hash(),
        "base",
        "sha",
        1,
        new Location(0, 0, 1),
        0,
        "test",
        1,
        0,
        Map.of(0, round.range()),
        Map.of(0, 0L),
        64,
        64,
        Map.of(),
        null,
        null);
  }
}
