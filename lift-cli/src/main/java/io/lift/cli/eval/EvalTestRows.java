package io.lift.cli.eval;

import io.lift.cli.base.CliException;
import io.lift.cli.base.StallDetector;
import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.kafka.RowSender;
import io.lift.cli.kafka.TopicTail;
import io.lift.cli.table.CsvFile;
import io.lift.cli.term.ProgressBar;
import io.lift.cli.term.Terminal;
import io.lift.core.answer.Answer;
import io.lift.core.calibration.Calibrator;
import io.lift.core.metrics.ClassificationMetrics;
import io.lift.core.metrics.RegressionMetrics;
import io.lift.core.row.CategoryWords;
import io.lift.core.row.NumberParser;
import io.lift.core.table.JsonRows;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.kafka.CompactedTable;
import io.lift.messages.MetricsMessage;
import io.lift.messages.PredictionMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Calibrates, predicts the test rows of an evaluation and scores the answers. */
final class EvalTestRows {
  private final ConnectionSettings kafka;
  private final TaskSpec task;
  private final EvalData data;
  private final Terminal terminal;
  private final Runnable checkStopped;

  /**
   * @param checkStopped throws if the user has stopped the command
   */
  EvalTestRows(
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
   * Predicts the rows.
   *
   * @param version of the checkpoint that answers at least; 0 for none
   */
  EvalOutcome run(RowSender sender, TopicTail<byte[]> rejected, long version, double trainSeconds)
      throws InterruptedException {
    calibrate(sender);
    return predict(sender, rejected, version, trainSeconds);
  }

  /** Sends labelled rows and waits until the calibration has read them. */
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
    StallDetector stall = new StallDetector(EvalRun.NO_ANSWER);
    try (CompactedTable<MetricsMessage> metrics =
            new CompactedTable<>(kafka.topics().metrics(), kafka.client());
        ProgressBar bar = new ProgressBar(terminal, "calibrate", "rows", wanted)) {
      metrics.start();
      int read = 0;
      while (read < wanted) {
        checkStopped.run();
        if (stall.reached(read)) {
          throw new CliException(
              "%d of %d rows for the calibration were scored; see the evaluator's log.",
              read, rows.size());
        }
        Thread.sleep(100);
        read =
            metrics
                .get(task.name())
                .map(MetricsMessage::calibration)
                .map(Answer.Calibration::rows)
                .orElse(0);
        bar.set(read);
      }
    }
  }

  private EvalOutcome predict(
      RowSender sender, TopicTail<byte[]> rejected, long version, double trainSeconds) {
    JsonRows json = new JsonRows(task);
    List<Map<String, String>> rows = data.test();
    Map<String, PredictionMessage> answers = new HashMap<>();
    long started = System.nanoTime();
    long ended = started;
    StallDetector stall = new StallDetector(EvalRun.NO_ANSWER);
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
        checkStopped.run();
        if (stall.reached(answers.size())) {
          break;
        }
      }
    }
    return score(answers, version, trainSeconds, (ended - started) / 1e9);
  }

  private EvalOutcome score(
      Map<String, PredictionMessage> answers,
      long version,
      double trainSeconds,
      double predictSeconds) {
    boolean classes = task.type() == TaskType.CLASSIFICATION;
    CategoryWords words = new CategoryWords(task.labels());
    ClassificationMetrics labels = new ClassificationMetrics(task.labels());
    RegressionMetrics numbers = RegressionMetrics.rolling();
    List<AnsweredRow> answered = new ArrayList<>();
    int missing = 0;
    int invalid = 0;
    int extrapolated = 0;
    for (int i = 0; i < data.test().size(); i++) {
      String truth = data.test().get(i).get(data.target());
      PredictionMessage prediction = answers.get("test-" + i);
      if (prediction == null) {
        missing++;
        answered.add(new AnsweredRow(truth, null));
        continue;
      }
      Answer answer = prediction.answer();
      extrapolated += prediction.extrapolated() == null ? 0 : 1;
      boolean valid =
          answer != null
              && prediction.checkpoint().version() >= version
              && (classes ? task.labels().contains(answer.label()) : isFinite(answer.value()));
      answered.add(new AnsweredRow(truth, valid ? answer : null));
      if (!valid) {
        invalid++;
      } else if (classes) {
        labels.add(words.find(truth), answer);
      } else {
        numbers.add(NumberParser.parse(truth, task.target().notation()), answer);
      }
    }
    return new EvalOutcome(
        classes ? labels.values() : numbers.values(),
        answered,
        invalid,
        missing,
        extrapolated,
        trainSeconds,
        predictSeconds,
        version,
        null);
  }

  private static boolean isFinite(Double value) {
    return value != null && Double.isFinite(value);
  }
}
