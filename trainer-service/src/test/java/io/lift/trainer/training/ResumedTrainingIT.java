package io.lift.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TaskSpec;
import io.lift.kafka.CheckpointFiles;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.CheckpointManifest.OffsetRange;
import io.lift.model.BaseModel;
import io.lift.model.FineTuning;
import io.lift.model.TrainingOptions;
import io.lift.trainer.round.FineTuner;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The real model on a real broker, stopped and started again between rounds. */
class ResumedTrainingIT {

  @Test
  void aRestartedTrainerMakesTheCheckpointThatAnUninterruptedFineTuningMakes() throws Exception {
    TaskSpec task = Rows.task("resumed", Rows.rounds(20));
    try (TrainerTopics broker = new TrainerTopics();
        BaseModel base = BaseModel.embedded()) {
      broker.publish(task);
      FineTuner.Factory tuners = FineTuner.Factory.of(base, TrainingOptions.DEFAULT);
      try (TrainerNode node = new TrainerNode(broker, "first", tuners)) {
        broker.rows(task, 0, 20);
        awaitRows(broker, task, 20);
        broker.rows(task, 20, 40);
        awaitRows(broker, task, 40);
      }
      try (TrainerNode node = new TrainerNode(broker, "second", tuners)) {
        broker.rows(task, 40, 60);
        awaitRows(broker, task, 60);
      }

      List<CheckpointManifest> history = broker.history(task.name());
      assertThat(history.get(history.size() - 1).trainer()).isEqualTo("second");
      try (FineTuning uninterrupted =
          FineTuning.start(base, new TaskLanguage(task), task.training())) {
        for (CheckpointManifest manifest : history) {
          OffsetRange range = manifest.ranges().values().iterator().next();
          uninterrupted.round(
              examples(task, range.from(), range.to()),
              examples(task, 0, range.from()),
              (step, steps, loss) -> true);
          assertThat(CheckpointFiles.sha256(uninterrupted.checkpoint()))
              .as("checkpoint %d", manifest.version())
              .isEqualTo(manifest.sha256());
        }
      }
    }
  }

  /** Offsets are row numbers here: one producer without transactions, one task, one partition. */
  private static List<Example> examples(TaskSpec task, long from, long to) {
    return IntStream.range((int) from, (int) to)
        .mapToObj(number -> Rows.example(task, number))
        .toList();
  }

  private static void awaitRows(TrainerTopics broker, TaskSpec task, long rows) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> broker.history(task.name()).stream().anyMatch(m -> m.rows() >= rows));
  }
}
