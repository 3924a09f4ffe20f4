package io.lift.trainer.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.task.TaskSpec;
import io.lift.core.task.TemplateSpec;
import io.lift.core.task.TrainingPolicy;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.Traces;
import io.lift.messages.Topics;
import io.lift.messages.TrainingProgress.State;
import io.lift.trainer.publish.DeadLetterSender;
import io.lift.trainer.publish.TaskTables;
import io.lift.trainer.round.Round;
import io.lift.trainer.round.RoundControl.Next;
import io.lift.trainer.round.RoundMeters;
import io.lift.trainer.round.RoundOutcome;
import io.lift.trainer.round.TrainerSettings;
import io.lift.trainer.training.BudgetFineTuners;
import io.lift.trainer.training.Rows;
import io.lift.trainer.training.TrainerNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the threads of a trainer do to one assignment, without a broker. */
class AssignmentTest {
  private static final int GENERATION = 1;
  private static final String TOPIC = Topics.of("").prompts().name();

  private final TaskSpec task = Rows.task("t", Rows.rounds(10));
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final KafkaConnection kafka =
      new KafkaConnection(Map.of("bootstrap.servers", "127.0.0.1:1"), Topics.of(""));
  private final DeadLetterSender deadLetters = new DeadLetterSender(kafka);
  private final Assignment assignment =
      new Assignment(
          kafka.topics().prompts(),
          settings(Duration.ofMillis(500)),
          new BudgetFineTuners(budget -> budget / 10),
          new TaskTables(kafka),
          new RoundMeters(registry),
          registry);
  private final PromptIntake intake = assignment.intake(deadLetters, Traces.NONE);
  private final WorkScheduler work = assignment.work();

  @AfterEach
  void close() {
    assignment.close();
    deadLetters.close();
  }

  @Test
  void readingBeginsAtTheCommittedOffsetWhereNoTaskRehearses() {
    assignment.joined(membership(GENERATION));
    assignment.assign(List.of(0, 1), Map.of(1, new OffsetAndMetadata(7)), 2);
    assertThat(assignment.positions()).isEqualTo(Map.of(0, 0L, 1, 7L));
  }

  @Test
  void readingBeginsAtTheOldestRowOfAnyWindowAndLeavesOutWhatNoWindowHas() throws Exception {
    assignment.joined(membership(GENERATION));
    OffsetAndMetadata committed = new OffsetAndMetadata(9_000, "5-8,6000-6002,9000-");
    assignment.assign(List.of(0), Map.of(0, committed), 1);
    assignment.taskChanged("t", task);
    assertThat(assignment.positions()).isEqualTo(Map.of(0, 5L));

    intake.append(records(0, 10), GENERATION);
    assertThat(assignment.positions()).isEqualTo(Map.of(0, 6_000L));
    assertThat(status().waitingRows()).isEqualTo(3);
    intake.append(records(5_999, 6_001), GENERATION);
    intake.append(records(9_000, 9_001), GENERATION);
    assertThat(status().waitingRows()).isEqualTo(5);
  }

  @Test
  void aRevocationCancelsTheRoundAndWaitsForItsEnd() throws Exception {
    Round round = beginRound();
    assertThat(status().state()).isEqualTo(State.TRAINING);
    CompletableFuture<Boolean> trained =
        CompletableFuture.supplyAsync(
            () -> {
              int step = 1;
              while (work.step(round, step, 1_000_000, 0.5) == Next.CONTINUE) {
                step++;
              }
              boolean claimed = work.claim(round).isPresent();
              work.complete(round, new RoundOutcome.Discarded());
              return claimed;
            });

    assertThat(assignment.revoke(List.of(0))).isTrue();

    assertThat(trained.get(30, TimeUnit.SECONDS)).as("claimed").isFalse();
    assertThat(assignment.status()).isEmpty();
    assertThat(registry.find("lift.prompts.waiting").gauge()).isNull();
    assertThat(work.assigned(round.partition())).isFalse();
  }

  @Test
  void aRevocationSaysThatARoundHasNotStopped() throws Exception {
    Round round = beginRound();

    assertThat(assignment.revoke(List.of(0))).isFalse();

    work.complete(round, new RoundOutcome.Discarded());
  }

  @Test
  void aRecordOfAnEarlierGenerationOrThatWasReadBeforeIsDropped() throws Exception {
    assign();
    intake.append(records(0, 5), GENERATION - 1);
    assertThat(status().waitingRows()).isZero();

    intake.append(records(0, 5), GENERATION);
    intake.append(records(0, 7), GENERATION);
    assertThat(status().waitingRows()).isEqualTo(7);

    assignment.revoke(List.of(0));
    assign(GENERATION + 1);
    intake.append(records(7, 9), GENERATION);
    assertThat(status().waitingRows()).isZero();
    intake.append(records(0, 9), GENERATION + 1);
    assertThat(status().waitingRows()).isEqualTo(9);
  }

  @Test
  void aNewLanguageCancelsTheRound() throws Exception {
    Round round = beginRound();

    assignment.taskChanged("t", task);
    assertThat(work.step(round, 1, 10, 0.5)).as("the same version again").isEqualTo(Next.CONTINUE);
    TrainingPolicy policy = Rows.rounds(10);
    assignment.taskChanged("t", Rows.task("t", 2, TemplateSpec.paper(), policy));

    assertThat(work.step(round, 2, 10, 0.5)).isEqualTo(Next.STOP);
    assertThat(work.claim(round)).isEmpty();
    work.complete(round, new RoundOutcome.Discarded());
    assertThat(status().state()).isEqualTo(State.IDLE);
  }

  @Test
  void aDeletedTaskIsRetiredNext() throws Exception {
    assign();
    assignment.taskChanged("t", null);

    assertThat(assignment.status()).isEmpty();
    assertThat(work.next(1)).contains(new Work.RetireTask("t"));
    assertThat(work.claimRetired("t")).isPresent();
    assertThat(work.next(1)).isEmpty();
    work.retireLater("t");
    assertThat(work.next(1)).contains(new Work.RetireTask("t"));
  }

  @Test
  void theClaimOfARoundEndsWhereTheRowsAfterItBegin() throws Exception {
    Round round = beginRound();
    intake.append(records(10, 13), GENERATION);

    var claim = work.claim(round).orElseThrow();

    TopicPartition partition = new TopicPartition(TOPIC, 0);
    assertThat(claim.offsets().get(partition).offset()).isEqualTo(10);
    assertThat(claim.membership().generationId()).isEqualTo(GENERATION);
    assertThat(work.claim(round.partition()).orElseThrow().offsets().get(partition).offset())
        .as("without the round")
        .isZero();
  }

  @Test
  void aClosedTrainerHasNoWorkAndStopsItsRound() throws Exception {
    Round round = beginRound();
    CompletableFuture<Boolean> stopped =
        CompletableFuture.supplyAsync(() -> work.step(round, 1, 10, 0.5) == Next.STOP);
    assertThat(stopped.get(30, TimeUnit.SECONDS)).isFalse();

    assignment.close();

    assertThat(work.step(round, 2, 10, 0.5)).isEqualTo(Next.STOP);
    work.complete(round, new RoundOutcome.Discarded());
    assertThat(work.next(60_000)).isEmpty();
    assertThat(assignment.closed()).isTrue();
  }

  private void assign() {
    assign(GENERATION);
  }

  private void assign(int generation) {
    assignment.joined(membership(generation));
    assignment.assign(List.of(0), Map.of(), 1);
    assignment.taskChanged("t", task);
  }

  private Round beginRound() throws InterruptedException {
    assign();
    intake.append(records(0, 10), GENERATION);
    Work next = work.next(1).orElseThrow();
    assertThat(next).isInstanceOf(Work.TrainRound.class);
    return ((Work.TrainRound) next).round();
  }

  private TrainingStatus status() {
    return assignment.status("t").orElseThrow();
  }

  private static ConsumerGroupMetadata membership(int generation) {
    return new ConsumerGroupMetadata("group", generation, "member", Optional.empty());
  }

  private ConsumerRecords<byte[], byte[]> records(int from, int to) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int offset = from; offset < to; offset++) {
      var sent = Rows.record(task, offset);
      records.add(
          new ConsumerRecord<>(
              TOPIC,
              0,
              offset,
              0,
              TimestampType.CREATE_TIME,
              sent.key().length,
              sent.value().length,
              sent.key(),
              sent.value(),
              new RecordHeaders(sent.headers()),
              Optional.empty()));
    }
    return new ConsumerRecords<>(Map.of(new TopicPartition(TOPIC, 0), records), Map.of());
  }

  private static TrainerSettings settings(Duration revokeWait) {
    TrainerSettings usual = TrainerNode.settings("test", 1_000);
    return new TrainerSettings(
        usual.instance(),
        usual.defaults(),
        usual.training(),
        usual.retrainingBudget(),
        usual.maxWindow(),
        usual.maxWaiting(),
        usual.openTasks(),
        usual.sharing(),
        revokeWait);
  }
}
