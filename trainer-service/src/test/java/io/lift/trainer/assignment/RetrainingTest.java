package io.lift.trainer.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.task.TemplateSpec;
import io.lift.core.task.TrainingPolicy;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.CheckpointManifest.Location;
import io.lift.messages.CheckpointManifest.OffsetRange;
import io.lift.messages.RollbackRequest;
import io.lift.trainer.publish.Rollback;
import io.lift.trainer.publish.RollbackOutcome;
import io.lift.trainer.retrain.Judgement;
import io.lift.trainer.retrain.Retraining;
import io.lift.trainer.retrain.RetrainingControl;
import io.lift.trainer.retrain.RetrainingOutcome;
import io.lift.trainer.retrain.RetrainingOutcome.Passed;
import io.lift.trainer.retrain.RetrainingOutcome.Paused;
import io.lift.trainer.retrain.RetrainingOutcome.Rejected;
import io.lift.trainer.retrain.RetrainingOutcome.Stopped;
import io.lift.trainer.retrain.RetrainingRunner;
import io.lift.trainer.round.FineTuner;
import io.lift.trainer.round.Round;
import io.lift.trainer.round.RoundMeters;
import io.lift.trainer.round.RoundOutcome;
import io.lift.trainer.training.BudgetFineTuners;
import io.lift.trainer.training.Rows;
import io.micrometer.core.instrument.Counter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Retraining without a broker: what the training thread is given to do, and what becomes of it. */
class RetrainingTest {
  private static final TrainingPolicy OPEN = policy().window(0).build();

  /** The larger the budget, the better. */
  private static final DoubleUnaryOperator BETTER = budget -> budget / 10;

  private static final DoubleUnaryOperator WORSE = budget -> 1 - budget / 10;

  private FineTuner.Factory tuners;
  private TaskFixture trainer;
  private RetrainingOutcome outcome; // of the last slice
  private int step; // the last one of the last slice

  @Test
  void anEnsembleIsRetrainedOnlyWhenNothingIsDue() throws Exception {
    start(OPEN, BETTER);
    trainer.arrive(64);
    trainer.train();
    trainer.arrive(256);
    trainer.work.complete(trainer.nextRound(), new RoundOutcome.Discarded());
    trainer.train();

    Retraining retraining = trainer.nextRetraining();

    assertThat(retraining.rows()).hasSize(256);
    assertThat(retraining.heldBackFrom()).isEqualTo(256);
    assertThat(retraining.training().budget()).isEqualTo(3);
    assertThat(retraining.training().members()).isNull();
    assertThat(due()).isFalse();
    trainer.arrive(256);
    assertThat(due()).isTrue();
    pause(retraining);
    assertThat(trainer.nextRound()).isNotNull();
  }

  @Test
  void aRetrainingThatStopsForADueRoundEndsInTheSameBytes() throws Exception {
    slice(smallStart(OPEN, BETTER), () -> false);
    byte[] straight = ((Passed) outcome).file();

    Retraining first = smallStart(OPEN, BETTER);
    AtomicInteger checks = new AtomicInteger();
    slice(first, () -> checks.incrementAndGet() == 3);
    assertThat(checks).hasValue(3);
    assertThat(step).isEqualTo(3);
    byte[] paused = ((Paused) outcome).file();
    trainer.arrive(256);
    trainer.train();
    Retraining second = trainer.nextRetraining();
    assertThat(second.lineage()).isEqualTo(first.lineage());
    assertThat(second.rows()).isEqualTo(first.rows());
    assertThat(second.file()).isSameAs(paused);
    slice(second, () -> false);

    assertThat(((Passed) outcome).file()).isEqualTo(straight);
  }

  @Test
  void aBetterEnsembleIsPublishedAndNoRowEntersTwice() throws Exception {
    slice(smallStart(OPEN, BETTER), () -> false);

    CheckpointManifest retrained = trainer.train();

    assertThat(retrained.version()).isEqualTo(3);
    assertThat(retrained.parent()).isEqualTo(2);
    assertThat(retrained.ranges()).isEqualTo(Map.of(0, new OffsetRange(320, 320)));
    assertThat(retrained.newRows()).isZero();
    assertThat(retrained.rows()).isEqualTo(320);
    assertThat(retrained.metrics())
        .containsEntry("retrained", 1.0)
        .containsEntry("originRows", 256.0)
        .containsEntry("originBudget", 3.0)
        .containsEntry("rehearsed", 256.0);
    assertThat(retrained.choices()).containsEntry("origin", "3.0");
    assertThat(BudgetFineTuners.learned(trainer.newest()))
        .containsExactlyElementsOf(TaskFixture.prompts(320));
    assertThat(count("kept")).isEqualTo(1);
    trainer.assertNoWork();

    trainer.arrive(256);
    CheckpointManifest next = trainer.train();
    assertThat(next.ranges()).isEqualTo(Map.of(0, new OffsetRange(320, 576)));
    assertThat(next.metrics())
        .containsEntry("originRows", 256.0)
        .containsEntry("originBudget", 3.0)
        .doesNotContainKey("retrained");
  }

  @Test
  void whatOthersLearnedMeanwhileAndNewRowsAreLearnedWhenItJoins() throws Exception {
    pause(smallStart(OPEN, BETTER));
    trainer.arrive(256);
    trainer.train();
    slice(trainer.nextRetraining(), () -> false);
    trainer.arrive(30);

    CheckpointManifest retrained = trainer.train();

    assertThat(retrained.ranges()).isEqualTo(Map.of(0, new OffsetRange(576, 606)));
    assertThat(retrained.newRows()).isEqualTo(30);
    assertThat(retrained.rows()).isEqualTo(606);
    assertThat(BudgetFineTuners.learned(trainer.newest()))
        .containsExactlyElementsOf(TaskFixture.prompts(606));
  }

  @Test
  void aWorseEnsembleIsDroppedAndNotTriedAgainBeforeTheWindowHasGrownByHalf() throws Exception {
    Retraining retraining = smallStart(OPEN, WORSE);
    slice(retraining, () -> false);

    assertThat(outcome).isInstanceOf(Rejected.class);
    assertThat(count("dropped")).isEqualTo(1);
    trainer.assertNoWork();
    trainer.arrive(256); // 320 + 256 is more than half as many again
    trainer.train();
    Retraining second = trainer.nextRetraining();
    assertThat(second.file()).isNull();
    assertThat(second.rows()).hasSizeGreaterThan(retraining.rows().size());
    assertThat(trainer.history).hasSize(3);

    slice(second, () -> false);
    trainer.arrive(256); // 576 + 256 is not
    trainer.train();
    trainer.assertNoWork();
  }

  @Test
  void aRetrainingIsAbandonedWithItsPartition() throws Exception {
    pause(smallStart(OPEN, BETTER));
    trainer.state.partitions().remove(List.of(0));
    trainer.state.tasks().revoke(trainer.state.partitions());
    assertAbandoned();
  }

  @Test
  void aRetrainingIsAbandonedWithItsTask() throws Exception {
    pause(smallStart(OPEN, BETTER));
    trainer.state.tasks().retire("t");
    assertThat(trainer.next()).isEqualTo(new Work.RetireTask("t"));
    assertAbandoned();
  }

  @Test
  void aRetrainingThatHasPassedIsAbandonedWithTheLanguageOfItsTask() throws Exception {
    slice(smallStart(OPEN, BETTER), () -> false);
    assertThat(outcome).isInstanceOf(Passed.class);
    trainer.task.change(Rows.task("t", 2, TemplateSpec.paper(), OPEN), trainer.sent());
    assertAbandoned();
  }

  @Test
  void aRetrainingIsAbandonedWhenTheTaskIsToBeTrainedOtherwise() throws Exception {
    pause(smallStart(OPEN, BETTER));
    TrainingPolicy other = policy().members(2).build();
    trainer.task.change(Rows.task("t", 2, TemplateSpec.named(), other), trainer.sent());
    assertAbandoned();
  }

  @Test
  void aRetrainingIsAbandonedWhenItsLineageEnds() throws Exception {
    pause(smallStart(OPEN, BETTER));
    trainer.task.restart();
    assertThat(trainer.nextRound()).isNotNull();
    assertThat(count("abandoned")).isEqualTo(1);
  }

  @Test
  void aRetrainingIsAbandonedWhenTheTaskIsRolledBackAndNewRowsMustSpeakForTheNext()
      throws Exception {
    slice(smallStart(OPEN, BETTER), () -> false);
    Rollback rollback =
        trainer
            .state
            .planner()
            .beginRollback(trainer.task, RollbackRequest.of("t", 1, "id", 0, null), 0);
    CheckpointManifest restored =
        rollback.manifest(trainer.history.get(0), "test").apply(new Location(0, 0, 1));
    trainer.work.complete(rollback, new RollbackOutcome.Published(restored));

    assertAbandoned();
    assertThat(restored.metrics()).containsEntry("originRows", 64.0);
    trainer.arrive(256);
    trainer.train();
    assertThat(trainer.nextRetraining()).isNotNull();
  }

  @Test
  void aSliceEndsWithoutACheckpointOnceItsTaskIsGone() throws Exception {
    AtomicInteger checks = new AtomicInteger();
    slice(
        smallStart(OPEN, BETTER),
        () -> {
          trainer.state.tasks().retire("t");
          checks.incrementAndGet();
          return false;
        });
    assertThat(checks).hasValue(1);
    assertThat(outcome).isInstanceOf(Stopped.class);
  }

  @Test
  void anEnsembleThatCannotBeUsedWhenItJoinsLeavesTheRowsToAnOrdinaryRound() throws Exception {
    slice(smallStart(OPEN, BETTER), () -> false);
    trainer.arrive(256);
    Round round = trainer.nextRound();
    assertThat(round.retrained().file()).isSameAs(((Passed) outcome).file());

    trainer.work.complete(round, new RoundOutcome.Failed("for a test"));

    assertThat(count("abandoned")).isEqualTo(1);
    assertThat(trainer.nextRound().retrained()).isNull();
  }

  @Test
  void aTrainerThatTakesOverKnowsWhatTheEnsembleWasStartedWith() throws Exception {
    slice(smallStart(OPEN, BETTER), () -> false);
    CheckpointManifest retrained = trainer.train();

    takeOver(OPEN, BETTER, retrained, 320);
    learn(896);
    trainer.assertNoWork("896 rows, started with 256");
    trainer.arrive(128);
    trainer.train();
    assertThat(trainer.nextRetraining()).as("1,024 rows").isNotNull();
  }

  @Test
  void aTrainerThatTakesOverWaitsForRowsThatTheEnsembleHasScored() throws Exception {
    smallStart(OPEN, BETTER);
    CheckpointManifest last = trainer.history.get(1);

    takeOver(OPEN, BETTER, last, 320);

    trainer.assertNoWork();
    trainer.arrive(256);
    trainer.train();
    assertThat(trainer.nextRetraining()).isNotNull();
  }

  @Test
  void aBudgetOfItsOwnIsTheBudgetOfTheRetrainingToo() throws Exception {
    start(policy().window(0).budget(3.0).build(), BETTER);
    trainer.arrive(100);
    trainer.train();
    trainer.arrive(256);
    trainer.train();
    trainer.assertNoWork("356 rows, started with 100");
    trainer.arrive(256);
    trainer.train();
    assertThat(trainer.nextRetraining().training().budget()).isEqualTo(3);
  }

  @Test
  void whereTheMembersAreGivenThereIsNoRetraining() throws Exception {
    start(policy().members(2).build(), BETTER);
    trainer.arrive(64);
    trainer.train();
    trainer.arrive(256);
    trainer.train();
    trainer.assertNoWork();
    assertThat(trainer.history.get(1).metrics()).doesNotContainKey("originBudget");
  }

  @Test
  void rowsThatHaveLeftTheWindowWouldBeForgotten() throws Exception {
    start(policy().window(250).build(), BETTER);
    trainer.arrive(64);
    trainer.train();
    trainer.arrive(256);
    trainer.train();
    trainer.assertNoWork("250 of 320 rows");
  }

  private void start(TrainingPolicy policy, DoubleUnaryOperator likelihood) {
    takeOver(policy, likelihood, null, 0);
  }

  /** Another trainer reads the window of a checkpoint again. */
  private void takeOver(
      TrainingPolicy policy, DoubleUnaryOperator likelihood, CheckpointManifest latest, int rows) {
    tuners = new BudgetFineTuners(likelihood);
    byte[] newest = trainer == null ? null : trainer.newest();
    trainer = new TaskFixture(policy, tuners, latest);
    trainer.newest(latest == null ? null : newest);
    trainer.arrive(rows);
  }

  /** Trains rounds until so many rows have been trained on. */
  private void learn(int rows) throws InterruptedException {
    while (trainer.sent() < rows) {
      trainer.arrive(Math.min(256, rows - trainer.sent()));
      if (due()) {
        trainer.train();
      }
    }
    if (trainer.task.window().fresh() > 0) {
      trainer.train();
    }
    assertThat(trainer.task.window().rehearsed()).isEqualTo(rows);
  }

  private static TrainingPolicy.Builder policy() {
    return TrainingPolicy.builder();
  }

  /** 64 rows are learned, then 256 more; nothing is due, and the task has outgrown its ensemble. */
  private Retraining smallStart(TrainingPolicy policy, DoubleUnaryOperator likelihood)
      throws InterruptedException {
    start(policy, likelihood);
    trainer.arrive(64);
    trainer.train();
    trainer.arrive(256);
    trainer.train();
    return trainer.nextRetraining();
  }

  private boolean due() {
    return trainer.state.planner().due(System.currentTimeMillis());
  }

  /** Does a slice of one step. */
  private void pause(Retraining retraining) {
    slice(retraining, () -> true);
    assertThat(outcome).isInstanceOf(Paused.class);
  }

  /**
   * Does a slice.
   *
   * @param pause asked after each step whether the slice is to be paused
   */
  private void slice(Retraining retraining, BooleanSupplier pause) {
    RetrainingControl control =
        new RetrainingControl() {
          @Override
          public Next step(Retraining of, int done, int steps, double loss) {
            step = done;
            if (trainer.work.step(of, done, steps, loss) == Next.STOP) {
              return Next.STOP;
            }
            return pause.getAsBoolean() ? Next.PAUSE : Next.CONTINUE;
          }

          @Override
          public Optional<Judgement> judgement(Retraining of) {
            return trainer.work.judgement(of);
          }

          @Override
          public void complete(Retraining of, RetrainingOutcome result) {
            outcome = result;
            trainer.work.complete(of, result);
          }
        };
    new RetrainingRunner(tuners, control, new RoundMeters(trainer.registry), () -> {})
        .run(retraining);
  }

  private void assertAbandoned() throws InterruptedException {
    trainer.assertNoWork();
    assertThat(count("abandoned")).isEqualTo(1);
    assertThat(trainer.state.retraining().get()).isEmpty();
  }

  private double count(String result) {
    Counter counter =
        trainer
            .registry
            .find("lift.train.retrainings")
            .tag("task", "t")
            .tag("result", result)
            .counter();
    return counter == null ? 0 : counter.count();
  }
}
