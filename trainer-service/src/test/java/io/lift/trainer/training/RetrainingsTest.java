package io.lift.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.prompt.Example;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TemplateSpec;
import io.lift.core.task.TrainingPolicy;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.CheckpointManifest.Location;
import io.lift.messages.CheckpointManifest.OffsetRange;
import io.lift.messages.RollbackRequest;
import io.lift.messages.Topics;
import io.lift.trainer.training.RoundScheduler.Work;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Renewals without a broker: what the training thread is given to do, and what becomes of it. */
class RetrainingsTest {
  private static final TrainingPolicy OPEN = policy().window(0).build();

  /** The larger the budget, the better. */
  private static final DoubleUnaryOperator BETTER = budget -> budget / 10;

  private static final DoubleUnaryOperator WORSE = budget -> 1 - budget / 10;

  private static final List<Example> EXAMPLES =
      IntStream.range(0, 100).mapToObj(row -> Rows.example(Rows.task("t", OPEN), row)).toList();

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private AssignmentState tasks;
  private FineTuner.Factory tuners;
  private Retrainings renewals;
  private RoundScheduler rounds;
  private TaskTraining task;
  private byte[] newest; // the file of the newest checkpoint
  private final List<CheckpointManifest> history = new ArrayList<>();
  private int sent;

  @Test
  void aCommitteeIsRenewedOnlyWhenNothingIsDue() throws Exception {
    own(OPEN, BETTER);
    arrive(64);
    train();
    arrive(256);
    assertThat(next().round()).isNotNull();
    rounds.finished();
    train();

    Retraining renewal = next().renewal();

    assertThat(renewal.rows()).hasSize(256);
    assertThat(renewal.heldBackFrom()).isEqualTo(256);
    assertThat(renewal.training().budget()).isEqualTo(3);
    assertThat(renewal.training().members()).isNull();
    assertThat(rounds.waiting()).isFalse();
    arrive(256);
    assertThat(rounds.waiting()).isTrue();
    assertThat(next().round()).isNotNull();
  }

  @Test
  void aRenewalThatStopsForADueRoundEndsInTheSameBytes() throws Exception {
    Retraining straight = hastyStart(OPEN, BETTER);
    renewals.work(straight, () -> false);
    assertThat(straight.won()).isTrue();

    Retraining paused = hastyStart(OPEN, BETTER);
    AtomicInteger asked = new AtomicInteger();
    renewals.work(paused, () -> asked.incrementAndGet() == 3);
    assertThat(asked).hasValue(3);
    assertThat(paused.step()).isEqualTo(3);
    arrive(256);
    train();
    assertThat(next().renewal()).isSameAs(paused);
    renewals.work(paused, () -> false);

    assertThat(paused.won()).isTrue();
    assertThat(paused.file()).isEqualTo(straight.file());
  }

  @Test
  void aBetterCommitteeIsPublishedAndNoRowEntersTwice() throws Exception {
    Retraining renewal = hastyStart(OPEN, BETTER);
    renewals.work(renewal, () -> false);

    CheckpointManifest renewed = train();

    assertThat(renewed.version()).isEqualTo(3);
    assertThat(renewed.parent()).isEqualTo(2);
    assertThat(renewed.ranges()).isEqualTo(Map.of(0, new OffsetRange(320, 320)));
    assertThat(renewed.newRows()).isZero();
    assertThat(renewed.rows()).isEqualTo(320);
    assertThat(renewed.metrics())
        .containsEntry("renewed", 1.0)
        .containsEntry("begunRows", 256.0)
        .containsEntry("begunBudget", 3.0)
        .containsEntry("rehearsed", 256.0);
    assertThat(renewed.choices()).containsEntry("begun", "3.0");
    assertThat(BudgetFineTuners.learnt(newest)).containsExactlyElementsOf(prompts(320));
    assertThat(count("kept")).isEqualTo(1);
    assertThat(rounds.next(1)).isEmpty();

    arrive(256);
    CheckpointManifest next = train();
    assertThat(next.ranges()).isEqualTo(Map.of(0, new OffsetRange(320, 576)));
    assertThat(next.metrics())
        .containsEntry("begunRows", 256.0)
        .containsEntry("begunBudget", 3.0)
        .doesNotContainKey("renewed");
  }

  @Test
  void whatOthersLearntMeanwhileAndNewRowsAreLearntWhenItJoins() throws Exception {
    Retraining renewal = hastyStart(OPEN, BETTER);
    arrive(256);
    train();
    renewals.work(renewal, () -> false);
    arrive(30);

    CheckpointManifest renewed = train();

    assertThat(renewed.ranges()).isEqualTo(Map.of(0, new OffsetRange(576, 606)));
    assertThat(renewed.newRows()).isEqualTo(30);
    assertThat(renewed.rows()).isEqualTo(606);
    assertThat(BudgetFineTuners.learnt(newest)).containsExactlyElementsOf(prompts(606));
  }

  @Test
  void aWorseCommitteeIsDroppedAndNotTriedAgainBeforeTheWindowHasGrownByHalf() throws Exception {
    Retraining renewal = hastyStart(OPEN, WORSE);
    renewals.work(renewal, () -> false);

    assertThat(renewal.won()).isFalse();
    assertThat(count("dropped")).isEqualTo(1);
    assertThat(rounds.next(1)).isEmpty();
    arrive(256); // 320 + 256 is more than half as many again
    train();
    assertThat(next().renewal()).isNotNull().isNotSameAs(renewal);
    assertThat(history).hasSize(3);

    renewals.work(next().renewal(), () -> false);
    arrive(256); // 576 + 256 is not
    train();
    assertThat(rounds.next(1)).isEmpty();
  }

  @Test
  void aRenewalIsDroppedWithItsPartition() throws Exception {
    Retraining renewal = hastyStart(OPEN, BETTER);
    renewals.work(renewal, () -> true);
    tasks.lose(List.of(0));
    assertAbandoned();
  }

  @Test
  void aRenewalIsDroppedWithItsTask() throws Exception {
    hastyStart(OPEN, BETTER);
    tasks.remove("t");
    assertAbandoned();
  }

  @Test
  void aRenewalThatHasWonIsDroppedWithTheLanguageItSpeaks() throws Exception {
    Retraining renewal = hastyStart(OPEN, BETTER);
    renewals.work(renewal, () -> false);
    task.follow(Rows.task("t", 2, TemplateSpec.paper(), OPEN));
    assertAbandoned();
  }

  @Test
  void aRenewalIsDroppedWhenTheTaskIsToBeTrainedOtherwise() throws Exception {
    hastyStart(OPEN, BETTER);
    task.follow(Rows.task("t", 2, TemplateSpec.named(), policy().members(2).build()));
    assertAbandoned();
  }

  @Test
  void aRenewalIsDroppedWhenItsLineageEnds() throws Exception {
    hastyStart(OPEN, BETTER);
    task.restart();
    rounds.finished();
    assertThat(next().round()).isNotNull();
    assertThat(count("abandoned")).isEqualTo(1);
  }

  @Test
  void aRenewalIsDroppedWhenTheTaskGoesBackAndNewRowsMustSpeakForTheNext() throws Exception {
    Retraining renewal = hastyStart(OPEN, BETTER);
    renewals.work(renewal, () -> false);
    Rollback rollback = task.rollback(new RollbackRequest("t", 1, "id", 0, null));
    CheckpointManifest restored =
        rollback.manifest(history.get(0), "test").apply(new Location(0, 0, 1));
    rounds.settled(rollback, restored);

    assertAbandoned();
    assertThat(restored.metrics()).containsEntry("begunRows", 64.0);
    arrive(256);
    train();
    assertThat(next().renewal()).isNotNull();
  }

  @Test
  void aSliceEndsWithoutACheckpointOnceItsTaskIsGone() throws Exception {
    Retraining renewal = hastyStart(OPEN, BETTER);
    AtomicInteger asked = new AtomicInteger();
    renewals.work(
        renewal,
        () -> {
          tasks.remove("t");
          asked.incrementAndGet();
          return false;
        });
    assertThat(asked).hasValue(1);
    assertThat(renewal.file()).isNull();
  }

  @Test
  void aCommitteeThatCannotBeUsedWhenItJoinsLeavesTheRowsToAnOrdinaryRound() throws Exception {
    Retraining renewal = hastyStart(OPEN, BETTER);
    renewals.work(renewal, () -> false);
    arrive(256);
    assertThat(next().round().renewal()).isSameAs(renewal);

    renewals.abandon(renewal, "for a test");
    rounds.finished();

    assertThat(count("abandoned")).isEqualTo(1);
    assertThat(next().round().renewal()).isNull();
  }

  @Test
  void aTrainerThatTakesOverKnowsWhatTheCommitteeWasBegunWith() throws Exception {
    Retraining renewal = hastyStart(OPEN, BETTER);
    renewals.work(renewal, () -> false);
    CheckpointManifest renewed = train();

    takeOver(OPEN, BETTER, renewed, 320);
    learnt(renewed, 896);
    assertThat(rounds.next(1)).as("896 rows, begun with 256").isEmpty();
    arrive(128);
    train();
    assertThat(next().renewal()).as("1,024 rows").isNotNull();
  }

  @Test
  void aTrainerThatTakesOverWaitsForRowsThatTheCommitteeWasAskedAbout() throws Exception {
    hastyStart(OPEN, BETTER);
    CheckpointManifest last = history.get(1);

    takeOver(OPEN, BETTER, last, 320);

    assertThat(rounds.next(1)).isEmpty();
    arrive(256);
    train();
    assertThat(next().renewal()).isNotNull();
  }

  @Test
  void aBudgetOfItsOwnIsARenewalsToo() throws Exception {
    own(policy().window(0).budget(3.0).build(), BETTER);
    arrive(100);
    train();
    arrive(256);
    train();
    assertThat(rounds.next(1)).as("356 rows, begun with 100").isEmpty();
    arrive(256);
    train();
    assertThat(next().renewal().training().budget()).isEqualTo(3);
  }

  @Test
  void whereTheMembersAreGivenThereIsNoRenewal() throws Exception {
    own(policy().members(2).build(), BETTER);
    arrive(64);
    train();
    arrive(256);
    train();
    assertThat(rounds.next(1)).isEmpty();
    assertThat(history.get(1).metrics()).doesNotContainKey("begunBudget");
  }

  @Test
  void rowsThatHaveLeftTheWindowWouldBeForgotten() throws Exception {
    own(policy().window(250).build(), BETTER);
    arrive(64);
    train();
    arrive(256);
    train();
    assertThat(rounds.next(1)).as("250 of 320 rows").isEmpty();
  }

  /** The tasks of a trainer that owns one partition, and a task without a checkpoint. */
  private void own(TrainingPolicy policy, DoubleUnaryOperator likelihood) {
    tasks = new AssignmentState(Topics.of("").prompts(), 10_000);
    tuners = new BudgetFineTuners(likelihood);
    TrainerSettings settings = TrainerNode.settings("test", 10_000);
    renewals = new Retrainings(tasks, settings, tuners, new TrainingMeters(registry));
    rounds =
        new RoundScheduler(
            tasks,
            new TaskTables(
                new KafkaConnection(Map.of(), Topics.of("")),
                (name, spec) -> {},
                (name, wish) -> {}),
            renewals);
    history.clear();
    sent = 0;
    put(policy, null);
  }

  private void put(TrainingPolicy policy, CheckpointManifest latest) {
    TaskSpec spec = Rows.task("t", policy);
    PartitionAssignment ownership = new PartitionAssignment(0, 1, 0, 0);
    tasks.own(ownership);
    TrainerSettings settings = TrainerNode.settings("test", 10_000);
    task = new TaskTraining(ownership, settings, "base", spec, latest, 0);
    tasks.put(task);
  }

  /** Another trainer reads the window of a checkpoint again. */
  private void takeOver(
      TrainingPolicy policy, DoubleUnaryOperator likelihood, CheckpointManifest latest, int rows) {
    own(policy, likelihood);
    put(policy, latest);
    history.add(latest);
    arrive(rows);
  }

  /** Rows of earlier rounds, as the checkpoint of one who learnt so many would say. */
  private void learnt(CheckpointManifest latest, int rows) throws InterruptedException {
    while (sent < rows) {
      arrive(Math.min(256, rows - sent));
      if (rounds.waiting()) {
        train();
      }
    }
    if (task.window().fresh() > 0) {
      train();
    }
    assertThat(task.window().rehearsed()).isEqualTo(rows);
  }

  private static TrainingPolicy.Builder policy() {
    return TrainingPolicy.builder();
  }

  /** 64 rows are learnt, then 256 more; nothing is due, and the task has outgrown its committee. */
  private Retraining hastyStart(TrainingPolicy policy, DoubleUnaryOperator likelihood)
      throws InterruptedException {
    own(policy, likelihood);
    arrive(64);
    train();
    arrive(256);
    train();
    return next().renewal();
  }

  private void arrive(int rows) {
    for (int i = 0; i < rows; i++, sent++) {
      task.add(new WindowRow(sent, EXAMPLES.get(sent % EXAMPLES.size()), 0));
    }
  }

  private Work next() throws InterruptedException {
    Optional<Work> work = rounds.next(1);
    assertThat(work).isPresent();
    return work.get();
  }

  /** Does the round that is due, as the training thread does it. */
  private CheckpointManifest train() throws InterruptedException {
    Round round = next().round();
    byte[] from = round.renewal() != null ? round.renewal().file() : newest;
    try (FineTuner tuner =
        tuners.open(round.language(), round.training(), round.parent() == null ? null : from)) {
      renewals.ask(round, tuner);
      var report =
          tuner.round(
              round.rows().freshExamples(),
              round.rows().rehearsedExamples(),
              (step, steps, loss) -> true);
      newest = tuner.checkpoint();
      double budget = tuners.budget(round.training());
      CheckpointManifest manifest =
          round
              .manifest(report, tuner, newest, "base", budget, "test")
              .apply(new Location(0, 0, 1));
      rounds.published(round, manifest);
      rounds.finished();
      history.add(manifest);
      return manifest;
    }
  }

  private void assertAbandoned() throws InterruptedException {
    assertThat(rounds.next(1)).isEmpty();
    assertThat(count("abandoned")).isEqualTo(1);
    assertThat(tasks.renewal()).isNull();
  }

  private double count(String result) {
    Counter counter =
        registry.find("lift.train.renewals").tag("task", "t").tag("result", result).counter();
    return counter == null ? 0 : counter.count();
  }

  private List<String> prompts(int rows) {
    List<String> prompts = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      prompts.add(EXAMPLES.get(row % EXAMPLES.size()).prompt().text());
    }
    return prompts;
  }
}
