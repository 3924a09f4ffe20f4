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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Streams of many tasks at once through one running stack, at a rate that waits for nobody. */
final class TasksTrial {
  private final ConnectionSettings kafka;
  private final double rate;

  /**
   * What came of a task.
   *
   * @param score how well its rows were predicted
   * @param latencies milliseconds from a row to its answer
   * @param first seconds from the first row to the first checkpoint; NaN without one
   * @param checkpoints that came until the last row was sent
   * @param age of the checkpoint when the last row was sent, in seconds; NaN without one
   */
  record Result(
      StreamTable table,
      Prequential score,
      Latencies latencies,
      double first,
      int checkpoints,
      double age) {}

  /**
   * @param rate rows per second of each task
   */
  TasksTrial(ConnectionSettings kafka, double rate) {
    this.kafka = kafka;
    this.rate = rate;
  }

  /** One task while it runs. */
  private static final class Running {
    final StreamTable table;
    final TaskSpec task;
    final JsonRows json;
    final Prequential score;
    final Latencies latencies;
    final RowSender sender;
    long firstSentAt; // epoch milliseconds

    Running(ConnectionSettings kafka, StreamTable table) {
      this.table = table;
      task =
          TaskProposal.infer(
                  table.name(), table.rows(), table.target(), TaskType.CLASSIFICATION, Map.of())
              .spec();
      json = new JsonRows(task);
      score = new Prequential(table);
      latencies = new Latencies(table.rows().size());
      sender = new RowSender(kafka, task.name());
    }
  }

  /** Creates the tasks, sends their rows in turn and collects the answers. */
  List<Result> run(List<StreamTable> tables, ProgressBar progress) throws InterruptedException {
    Map<String, Running> running = new LinkedHashMap<>();
    try (TaskRegistry tasks = new TaskRegistry(kafka);
        TopicTail<PredictionMessage> answers = TopicTail.predictions(kafka);
        CheckpointAges checkpoints = new CheckpointAges(kafka)) {
      for (StreamTable table : tables) {
        Running each = new Running(kafka, table);
        running.put(each.task.name(), each);
        tasks.create(each.task);
      }
      return run(running, answers, checkpoints, progress);
    } finally {
      running.values().forEach(each -> each.sender.close());
    }
  }

  private List<Result> run(
      Map<String, Running> running,
      TopicTail<PredictionMessage> answers,
      CheckpointAges checkpoints,
      ProgressBar progress)
      throws InterruptedException {
    List<Result> results = new ArrayList<>();
    int rows = running.values().stream().mapToInt(each -> each.table.rows().size()).sum();
    Thread sending =
        new Thread(
            () -> {
              send(running);
              long now = System.currentTimeMillis();
              running.values().forEach(each -> results.add(result(each, checkpoints, now)));
            },
            "rows");
    Answers.collect(
        answers,
        sending,
        rows,
        progress,
        (row, prediction) -> {
          Running task = running.get(prediction.task());
          if (task == null) {
            return false;
          }
          task.latencies.answered(row);
          task.score.answer(row, prediction.answer());
          return true;
        });
    return results;
  }

  private static Result result(Running task, CheckpointAges checkpoints, long now) {
    String name = task.task.name();
    return new Result(
        task.table,
        task.score,
        task.latencies,
        checkpoints.secondsToFirst(name, task.firstSentAt),
        checkpoints.count(name),
        checkpoints.age(name, now));
  }

  /** Sends the first row of each task, then the second of each, and so on. */
  private void send(Map<String, Running> running) {
    RateLimiter limiter = new RateLimiter(rate * running.size());
    int rows = running.values().stream().mapToInt(each -> each.table.rows().size()).max().orElse(0);
    for (int row = 0; row < rows; row++) {
      for (Running task : running.values()) {
        limiter.await();
        if (row == 0) {
          task.firstSentAt = System.currentTimeMillis();
        }
        String number = Integer.toString(row);
        byte[] json = task.json.write(task.table.rows().get(row));
        task.latencies.sent(row);
        task.sender.send(number, json, RowSender.Use.BOTH, number);
      }
    }
    running.values().forEach(task -> task.sender.flush());
  }
}
