package io.lift.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.LearningMethod;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TrainingPolicy;
import io.lift.kafka.CheckpointFiles;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.CheckpointManifest.OffsetRange;
import io.lift.model.BaseModel;
import io.lift.model.Scorer;
import io.lift.model.TrainingOptions;
import io.lift.trainer.round.FineTuner;
import io.lift.trainer.round.RoundPolicy;
import io.lift.trainer.round.RoundSharing;
import io.lift.trainer.round.TrainerSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The real model on a real broker: a small start, and its retraining in spare time. */
class RetrainedTaskIT {
  private static final Duration LIMIT = Duration.ofMinutes(8);

  /**
   * A few steps of two members first, more of as many as the retraining's budget allows; 64 rows
   * make the first round and 236 the second, however long they take to come.
   */
  private static final TrainerSettings SETTINGS =
      new TrainerSettings(
          "retrainer",
          new RoundPolicy(0, 64, true, 236, 600_000),
          TrainingPolicy.builder().budget(0.02).epochs(4.0).maxSteps(100).seed(7L).build(),
          0.4,
          10_000,
          1_000,
          4,
          new RoundSharing(Duration.ofSeconds(20), 4),
          Duration.ofSeconds(10));

  @Test
  void aTaskThatHasOutgrownItsSmallStartGetsABetterEnsemble() throws Exception {
    LearningMethod alone = LearningMethod.builder().pretrained(false).build();
    TaskSpec task = Rows.task("grown", TrainingPolicy.builder().method(alone).build());
    try (TrainerTopics broker = new TrainerTopics();
        BaseModel base = BaseModel.embedded()) {
      broker.publish(task);
      FineTuner.Factory tuners = FineTuner.Factory.of(base, TrainingOptions.DEFAULT);
      try (TrainerNode node = new TrainerNode(broker, tuners, Map.of(), SETTINGS)) {
        broker.rows(task, 0, 64);
        await().atMost(LIMIT).until(() -> !broker.history(task.name()).isEmpty());
        broker.rows(task, 64, 300);
        await().atMost(LIMIT).until(() -> retrained(broker, task));
      }

      List<CheckpointManifest> history = broker.history(task.name());
      CheckpointManifest last = history.get(history.size() - 1);
      CheckpointManifest before = history.get(history.size() - 2);
      assertThat(last.parent()).isEqualTo(before.version());
      assertThat(last.newRows()).isZero();
      assertThat(last.rows()).isEqualTo(300);
      assertThat(range(last)).isEqualTo(new OffsetRange(300, 300));
      assertThat(last.metrics())
          .containsEntry("originBudget", 0.4)
          .containsEntry("originRows", 240.0);
      assertThat((int) last.choices().get("members"))
          .isGreaterThan((int) before.choices().get("members"));
      assertThat(right(broker, base, task, last))
          .isGreaterThanOrEqualTo(right(broker, base, task, before))
          .isGreaterThan(0.9);
    }
  }

  private static boolean retrained(TrainerTopics broker, TaskSpec task) {
    return broker.history(task.name()).stream()
        .anyMatch(manifest -> manifest.metrics().containsKey(CheckpointManifest.RETRAINED));
  }

  private static OffsetRange range(CheckpointManifest manifest) {
    return manifest.ranges().values().iterator().next();
  }

  /** The share of all sizes of which a version knows whether they are small. */
  private static double right(
      TrainerTopics broker, BaseModel base, TaskSpec task, CheckpointManifest version)
      throws Exception {
    byte[] file = CheckpointFiles.read(broker.connection(), version, Duration.ofSeconds(10));
    List<Prompt> prompts =
        IntStream.range(0, 100).mapToObj(size -> Rows.example(task, size).prompt()).toList();
    try (Scorer scorer = Scorer.of(base, new TaskLanguage(task), file)) {
      var answers = scorer.score(prompts);
      long right =
          IntStream.range(0, 100)
              .filter(size -> answers.get(size).label().equals(size < 50 ? "small" : "large"))
              .count();
      return right / 100.0;
    }
  }
}
