package io.lift.cli.eval;

import io.lift.cli.CliError;
import io.lift.cli.kafka.KafkaSettings;
import io.lift.cli.kafka.RowSender;
import io.lift.cli.kafka.TaskRegistry;
import io.lift.cli.kafka.TopicTail;
import io.lift.cli.table.CsvFile;
import io.lift.cli.term.ProgressBar;
import io.lift.cli.term.Terminal;
import io.lift.core.answer.Answer;
import io.lift.core.calibration.Calibrator;
import io.lift.core.metrics.ClassificationMetrics;
import io.lift.core.metrics.RegressionMetrics;
import io.lift.core.table.JsonRows;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.CompactedTable;
import io.lift.messages.Headers;
import io.lift.messages.MetricsMessage;
import io.lift.messages.PredictionMessage;
import io.lift.messages.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One evaluation through Kafka and the four services: the training rows go in, and when one
 * checkpoint has learnt them all the test rows are asked for, without their targets; before them
 * the rows for the calibration, if there are any, with theirs.
 */
final class EvalRun {
  private static final Duration NO_ANSWER = Duration.ofSeconds(120);
  private static final Duration NO_TRAINING = Duration.ofMinutes(30);

  private final KafkaSettings kafka;
  private final TaskSpec task;
  private final EvalData data;
  private final Terminal terminal;
  private final TrainingProgress training;
  private final BooleanSupplier stopped;

  /**
   * @param training where to ask how far the training is
   * @param stopped whether the user has stopped the command
   */
  EvalRun(
      KafkaSettings kafka,
      TaskSpec task,
      EvalData data,
      Terminal terminal,
      TrainingProgress training,
      BooleanSupplier stopped) {
    this.kafka = kafka;
    this.task = task;
    this.data = data;
    this.terminal = terminal;
    this.training = training;
    this.stopped = stopped;
  }

  EvalOutcome run() throws InterruptedException {
    try (TaskRegistry tasks = new TaskRegistry(kafka)) {
      tasks.publish(task);
      try (TopicTail<byte[]> rejected = TopicTail.deadLetters(kafka, task.name());
          RowSender sender = new RowSender(kafka, task.name())) {
        long started = System.nanoTime();
        CheckpointManifest checkpoint = train(sender, rejected);
        double trainSeconds = seconds(started);
        calibrate(sender);
        return predict(sender, rejected, checkpoint, trainSeconds);
      } finally {
        if (!stopped.getAsBoolean()) {
          tasks.delete(task.name());
        }
      }
    }
  }

  private CheckpointManifest train(RowSender sender, TopicTail<byte[]> rejected)
      throws InterruptedException {
    JsonRows json = new JsonRows(task);
    List<Map<String, String>> rows = data.train();
    for (int i = 0; i < rows.size(); i++) {
      sender.send("train-" + i, json.write(rows.get(i)), RowSender.Use.TRAIN, null);
    }
    sender.flush();
    long deadline = System.nanoTime() + NO_TRAINING.toNanos();
    try (CompactedTable<CheckpointManifest> checkpoints =
            new CompactedTable<>(Topics.CHECKPOINTS, kafka.client(), (name, manifest) -> {});
        ProgressBar bar = new ProgressBar(terminal, "train", "steps", -1)) {
      checkpoints.start();
      while (true) {
        Optional<CheckpointManifest> current =
            checkpoints.get(task.name()).filter(manifest -> manifest.rows() >= rows.size());
        if (current.isPresent()) {
          bar.expect(current.get().step());
          bar.set(current.get().step(), "checkpoint " + current.get().version());
          return current.get();
        }
        checkStopped();
        rejected.poll(Duration.ZERO).stream()
            .findFirst()
            .ifPresent(
                letter -> {
                  throw new CliError(
                      "A training row was rejected: %s",
                      letter
                          .headers()
                          .getOrDefault(Headers.ERROR_MESSAGE, "see lift.dead-letters"));
                });
        training
            .read(task.name())
            .ifPresent(
                state -> {
                  bar.expect(state.steps() > 0 ? state.steps() : -1);
                  bar.set(state.step(), state.note());
                });
        if (System.nanoTime() > deadline) {
          throw new CliError(
              "No checkpoint within %d min; see the trainer's log.", NO_TRAINING.toMinutes());
        }
        Thread.sleep(100);
      }
    }
  }

  /** Has rows answered and labelled until what they teach is in force. */
  private void calibrate(RowSender sender) throws InterruptedException {
    List<Map<String, String>> rows = data.calibration();
    if (rows.isEmpty()) {
      return;
    }
    JsonRows json = new JsonRows(task);
    for (int i = 0; i < rows.size(); i++) {
      sender.send("calibrate-" + i, json.write(rows.get(i)), RowSender.Use.TEST, null);
    }
    sender.flush();
    int wanted = Math.min(rows.size(), Calibrator.WINDOW);
    long deadline = System.nanoTime() + NO_ANSWER.toNanos();
    try (CompactedTable<MetricsMessage> metrics =
            new CompactedTable<>(Topics.METRICS, kafka.client(), (name, message) -> {});
        ProgressBar bar = new ProgressBar(terminal, "calibrate", "rows", wanted)) {
      metrics.start();
      int learnt = 0;
      while (learnt < wanted) {
        checkStopped();
        if (System.nanoTime() > deadline) {
          throw new CliError(
              "%d of %d rows for the calibration were scored; see the evaluator's log.",
              learnt, rows.size());
        }
        Thread.sleep(100);
        learnt =
            metrics
                .get(task.name())
                .map(MetricsMessage::calibration)
                .map(Answer.Calibration::rows)
                .orElse(0);
        bar.set(learnt);
      }
    }
  }

  private EvalOutcome predict(
      RowSender sender,
      TopicTail<byte[]> rejected,
      CheckpointManifest checkpoint,
      double trainSeconds) {
    JsonRows json = new JsonRows(task);
    List<Map<String, String>> rows = data.test();
    Map<String, PredictionMessage> answers = new HashMap<>();
    long started = System.nanoTime();
    long ended = started;
    int lost = 0;
    try (TopicTail<PredictionMessage> predictions = TopicTail.predictions(kafka, task.name());
        ProgressBar bar = new ProgressBar(terminal, "predict", "rows", rows.size())) {
      for (int i = 0; i < rows.size(); i++) {
        byte[] features = json.write(CsvFile.without(rows.get(i), data.target()));
        sender.send("test-" + i, features, RowSender.Use.TEST, null);
      }
      sender.flush();
      while (answers.size() + lost < rows.size()) {
        for (var received : predictions.poll(Duration.ofMillis(100))) {
          answers.putIfAbsent(received.key(), received.value());
          ended = System.nanoTime();
        }
        lost += rejected.poll(Duration.ZERO).size();
        bar.set(answers.size());
        checkStopped();
        if (System.nanoTime() - ended > NO_ANSWER.toNanos()) {
          break;
        }
      }
    }
    return score(answers, checkpoint, trainSeconds, (ended - started) / 1e9);
  }

  private EvalOutcome score(
      Map<String, PredictionMessage> answers,
      CheckpointManifest checkpoint,
      double trainSeconds,
      double predictSeconds) {
    boolean classes = task.type() == TaskType.CLASSIFICATION;
    ClassificationMetrics labels = new ClassificationMetrics(task.labels());
    RegressionMetrics numbers = RegressionMetrics.rolling();
    List<AnsweredRow> answered = new ArrayList<>();
    int missing = 0;
    int invalid = 0;
    for (int i = 0; i < data.test().size(); i++) {
      String truth = data.test().get(i).get(data.target());
      PredictionMessage prediction = answers.get("test-" + i);
      if (prediction == null) {
        missing++;
        answered.add(new AnsweredRow(truth, null));
        continue;
      }
      Answer answer = prediction.answer();
      boolean valid =
          answer != null
              && prediction.checkpoint().version() >= checkpoint.version()
              && (classes ? task.labels().contains(answer.label()) : isFinite(answer.value()));
      answered.add(new AnsweredRow(truth, valid ? answer : null));
      if (!valid) {
        invalid++;
      } else if (classes) {
        labels.add(truth, answer);
      } else {
        numbers.add(Double.parseDouble(truth), answer);
      }
    }
    return new EvalOutcome(
        classes ? labels.values() : numbers.values(),
        answered,
        invalid,
        missing,
        trainSeconds,
        predictSeconds,
        checkpoint.version());
  }

  private static boolean isFinite(Double value) {
    return value != null && Double.isFinite(value);
  }

  private void checkStopped() {
    if (stopped.getAsBoolean()) {
      throw new CliError("stopped.");
    }
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }
}
