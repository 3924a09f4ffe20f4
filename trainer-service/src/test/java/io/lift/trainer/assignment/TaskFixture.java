package io.lift.trainer.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.prompt.Example;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TrainingPolicy;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.CheckpointManifest.Location;
import io.lift.messages.Topics;
import io.lift.trainer.prompts.PartitionAssignment;
import io.lift.trainer.prompts.ReadingPlan;
import io.lift.trainer.prompts.RoundRows;
import io.lift.trainer.prompts.WindowRow;
import io.lift.trainer.publish.TaskTables;
import io.lift.trainer.retrain.Retraining;
import io.lift.trainer.retrain.RetrainingMeters;
import io.lift.trainer.round.FineTuner;
import io.lift.trainer.round.Round;
import io.lift.trainer.round.RoundControl;
import io.lift.trainer.round.RoundOutcome;
import io.lift.trainer.round.TrainerSettings;
import io.lift.trainer.training.Rows;
import io.lift.trainer.training.TrainerNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;

/** One task {@code t} on one assigned partition, without a broker, and the work for it. */
final class TaskFixture {
  private static final List<Example> EXAMPLES =
      IntStream.range(0, 100)
          .mapToObj(row -> Rows.example(Rows.task("t", TrainingPolicy.builder().build()), row))
          .toList();

  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final AssignmentState state;
  final WorkScheduler work;
  final TaskTraining task;
  final List<CheckpointManifest> history = new ArrayList<>();
  private final FineTuner.Factory tuners;
  private byte[] newest; // the file of the newest checkpoint
  private int sent;

  /**
   * @param latest the checkpoint that this trainer takes over, or null
   */
  TaskFixture(TrainingPolicy policy, FineTuner.Factory tuners, CheckpointManifest latest) {
    this.tuners = tuners;
    Topics topics = Topics.of("");
    TrainerSettings settings = TrainerNode.settings("test", 10_000);
    TaskTables tables = new TaskTables(new KafkaConnection(Map.of(), topics));
    state =
        new AssignmentState(
            topics.prompts(), settings, tuners, tables, new RetrainingMeters(registry));
    work = new WorkScheduler(new Monitor<>(state), tables);
    state.partitions().joined(new ConsumerGroupMetadata("group", 1, "", Optional.empty()));
    state.partitions().add(0, 0, ReadingPlan.from(0));
    PartitionAssignment partition = state.partitions().position(0).orElseThrow().assignment();
    TaskSpec spec = Rows.task("t", policy);
    task =
        new TaskTraining(partition, settings, "base", spec, latest, 0, state.tasks()::nextLineage);
    state.tasks().add(task);
    if (latest != null) {
      history.add(latest);
    }
  }

  /** The next rows of the log come into the window. */
  void arrive(int rows) {
    for (int i = 0; i < rows; i++, sent++) {
      task.add(new WindowRow(sent, EXAMPLES.get(sent % EXAMPLES.size()), 0));
    }
  }

  int sent() {
    return sent;
  }

  /** The prompts of the first rows. */
  static List<String> prompts(int rows) {
    return IntStream.range(0, rows)
        .mapToObj(row -> EXAMPLES.get(row % EXAMPLES.size()).prompt().text())
        .toList();
  }

  Work next() throws InterruptedException {
    return work.next(1).orElseThrow(() -> new AssertionError("There is no work"));
  }

  /** The round that begins now. */
  Round nextRound() throws InterruptedException {
    Work next = next();
    assertThat(next).isInstanceOf(Work.TrainRound.class);
    return ((Work.TrainRound) next).round();
  }

  /** The slice of retraining that begins now. */
  Retraining nextRetraining() throws InterruptedException {
    Work next = next();
    assertThat(next).isInstanceOf(Work.Retrain.class);
    return ((Work.Retrain) next).retraining();
  }

  void assertNoWork(String... description) throws InterruptedException {
    assertThat(work.next(1)).as(String.join(" ", description)).isEmpty();
  }

  /** Does the round that is due, as the training thread does it. */
  CheckpointManifest train() throws InterruptedException {
    Round round = nextRound();
    byte[] from = round.retrained() != null ? round.retrained().file() : newest;
    try (FineTuner tuner =
        tuners.open(round.language(), round.training(), round.parent() == null ? null : from)) {
      double[] baseline =
          round.baselineRows().isEmpty()
              ? new double[0]
              : tuner.logLikelihoods(RoundRows.examples(round.baselineRows()));
      var report =
          tuner.round(
              round.rows().freshExamples(),
              round.rows().rehearsedExamples(),
              (step, steps, loss) ->
                  work.step(round, step, steps, loss) == RoundControl.Next.CONTINUE);
      newest = tuner.checkpoint();
      assertThat(work.claim(round)).isPresent();
      CheckpointManifest manifest =
          round
              .manifest(report, tuner, newest, "base", tuners.budget(round.training()), "test")
              .apply(new Location(0, 0, 1));
      work.complete(round, new RoundOutcome.Published(manifest, baseline));
      history.add(manifest);
      return manifest;
    }
  }

  /** The file of the newest checkpoint. */
  byte[] newest() {
    return newest;
  }

  /** Takes over the file of the newest checkpoint. */
  void newest(byte[] file) {
    newest = file;
  }
}
