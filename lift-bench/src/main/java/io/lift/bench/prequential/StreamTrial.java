package io.lift.bench.prequential;

import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.kafka.RowSender;
import io.lift.cli.kafka.TaskRegistry;
import io.lift.cli.kafka.TopicTail;
import io.lift.cli.rows.RateLimiter;
import io.lift.cli.task.TaskProposal;
import io.lift.cli.term.ProgressBar;
import io.lift.core.table.JsonRows;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.messages.PredictionMessage;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** One stream through a running stack, at a rate that waits for nobody. */
final class StreamTrial {
  /** Rows that the task is inferred from. Its labels are those of all rows. */
  private static final int SAMPLE = 500;

  private final ConnectionSettings kafka;
  private final double rate;

  /**
   * @param score how well the rows were predicted
   * @param latencies from a row to its answer
   * @param checkpoints versions that answered
   * @param oldest greatest age of the task's checkpoint while rows came, in seconds; NaN without a
   *     checkpoint
   */
  record Result(Prequential score, Latencies latencies, int checkpoints, double oldest) {}

  /**
   * @param rate rows per second
   */
  StreamTrial(ConnectionSettings kafka, double rate) {
    this.kafka = kafka;
    this.rate = rate;
  }

  /** Creates the task, sends all rows, collects their answers and deletes the task. */
  Result run(StreamTable table, ProgressBar progress) throws InterruptedException {
    List<Map<String, String>> sample =
        table.rows().subList(0, Math.min(SAMPLE, table.rows().size()));
    TaskSpec task =
        TaskProposal.infer(table.name(), sample, table.target(), TaskType.CLASSIFICATION, Map.of())
            .withLabelsOf(table.rows())
            .spec();
    try (TaskRegistry tasks = new TaskRegistry(kafka)) {
      tasks.create(task);
      try {
        return run(task, table, progress);
      } finally {
        tasks.remove(task.name());
      }
    }
  }

  private Result run(TaskSpec task, StreamTable table, ProgressBar progress)
      throws InterruptedException {
    int count = table.rows().size();
    Latencies latencies = new Latencies(count);
    try (TopicTail<PredictionMessage> answers = TopicTail.predictions(kafka, task.name());
        CheckpointAges checkpoints = new CheckpointAges(kafka);
        RowSender sender = new RowSender(kafka, task.name())) {
      AtomicReference<Double> oldest = new AtomicReference<>(Double.NaN);
      Thread sending =
          new Thread(
              () -> {
                send(task, table, sender, latencies);
                oldest.set(checkpoints.oldest(task.name(), System.currentTimeMillis()));
              },
              "rows");
      Prequential score = new Prequential(table);
      Set<Long> versions = new HashSet<>();
      Answers.collect(
          answers,
          sending,
          count,
          progress,
          (row, prediction) -> {
            latencies.answered(row);
            score.answer(row, prediction.answer());
            versions.add(prediction.checkpoint().version());
            return true;
          });
      return new Result(score, latencies, versions.size(), oldest.get());
    }
  }

  private void send(TaskSpec task, StreamTable table, RowSender sender, Latencies latencies) {
    JsonRows json = new JsonRows(task);
    RateLimiter limiter = new RateLimiter(rate);
    for (int row = 0; row < table.rows().size(); row++) {
      limiter.await();
      latencies.sent(row);
      String number = Integer.toString(row);
      sender.send(number, json.write(table.rows().get(row)), RowSender.Use.BOTH, number);
    }
    sender.flush();
  }
}
