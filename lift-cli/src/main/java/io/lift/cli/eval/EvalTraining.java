package io.lift.cli.eval;

import io.lift.cli.base.CliException;
import io.lift.cli.base.StallDetector;
import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.kafka.RowSender;
import io.lift.cli.kafka.TopicTail;
import io.lift.cli.term.ProgressBar;
import io.lift.cli.term.Terminal;
import io.lift.core.table.JsonRows;
import io.lift.core.task.TaskSpec;
import io.lift.kafka.CompactedTable;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.Headers;
import io.lift.messages.TrainingProgress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Sends the training rows of an evaluation and waits for the checkpoint that has them all. */
final class EvalTraining {
  private static final Duration NO_TRAINING = Duration.ofMinutes(30);

  private final ConnectionSettings kafka;
  private final TaskSpec task;
  private final EvalData data;
  private final Terminal terminal;
  private final Runnable checkStopped;

  /**
   * @param checkStopped throws if the user has stopped the command
   */
  EvalTraining(
      ConnectionSettings kafka,
      TaskSpec task,
      EvalData data,
      Terminal terminal,
      Runnable checkStopped) {
    this.kafka = kafka;
    this.task = task;
    this.data = data;
    this.terminal = terminal;
    this.checkStopped = checkStopped;
  }

  /**
   * Sends the rows and waits.
   *
   * @return the first checkpoint that was trained on all rows
   * @throws CliException if a row is rejected or training stalls
   */
  CheckpointManifest run(RowSender sender, TopicTail<byte[]> rejected) throws InterruptedException {
    JsonRows json = new JsonRows(task);
    List<Map<String, String>> rows = data.train();
    for (int i = 0; i < rows.size(); i++) {
      sender.send("train-" + i, json.write(rows.get(i)), RowSender.Use.TRAIN, null);
    }
    sender.flush();
    StallDetector stall = new StallDetector(NO_TRAINING);
    try (CompactedTable<CheckpointManifest> checkpoints =
            new CompactedTable<>(kafka.topics().checkpoints(), kafka.client());
        CompactedTable<TrainingProgress> training =
            new CompactedTable<>(kafka.topics().training(), kafka.client());
        ProgressBar bar = new ProgressBar(terminal, "train", "steps", -1)) {
      checkpoints.start();
      training.start();
      while (true) {
        Optional<CheckpointManifest> current =
            checkpoints.get(task.name()).filter(manifest -> manifest.rows() >= rows.size());
        if (current.isPresent()) {
          bar.expect(current.get().step());
          bar.set(current.get().step(), "checkpoint " + current.get().version());
          return current.get();
        }
        checkStopped.run();
        rejected.poll(Duration.ZERO).stream()
            .findFirst()
            .ifPresent(
                letter -> {
                  throw new CliException(
                      "A training row was rejected: %s",
                      letter
                          .headers()
                          .getOrDefault(Headers.ERROR_MESSAGE, "see lift.dead-letters"));
                });
        Optional<TrainingProgress> progress = training.get(task.name());
        progress.ifPresent(latest -> show(latest, bar));
        if (stall.reached(progress.map(EvalTraining::state).orElse(null))) {
          throw new CliException(
              "Training has made no progress for %d min; see the trainer's log.",
              NO_TRAINING.toMinutes());
        }
        Thread.sleep(100);
      }
    }
  }

  /** The part of the progress that changes while a round runs; heartbeats change only the time. */
  private static List<Number> state(TrainingProgress progress) {
    return List.of(progress.version(), progress.step(), progress.waitingRows());
  }

  private static void show(TrainingProgress progress, ProgressBar bar) {
    boolean started = progress.steps() > 0;
    String loss =
        progress.loss() == null ? "" : String.format(Locale.ROOT, "loss %.3f", progress.loss());
    bar.expect(started ? progress.steps() : -1);
    bar.set(progress.step(), started ? loss : progress.waitingRows() + " rows read");
  }
}
