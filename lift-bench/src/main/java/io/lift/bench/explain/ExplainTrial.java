package io.lift.bench.explain;

import io.lift.cli.base.CliException;
import io.lift.cli.base.StallDetector;
import io.lift.cli.demo.AgrawalGenerator;
import io.lift.cli.demo.AgrawalGenerator.LoanRow;
import io.lift.cli.demo.LoanTask;
import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.kafka.RowSender;
import io.lift.cli.kafka.TaskRegistry;
import io.lift.cli.kafka.TopicTail;
import io.lift.cli.rows.RateLimiter;
import io.lift.core.table.JsonRows;
import io.lift.core.task.TaskSpec;
import io.lift.messages.Explanation;
import io.lift.messages.Explanation.Contribution;
import io.lift.messages.PredictionMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rows of one of Agrawal's functions through a running stack: first learned, then explained. */
final class ExplainTrial {
  private static final double PERTURBATION = 0.05;
  private static final double RATE = 100; // rows to be learned, per second
  private static final Duration STALL = Duration.ofMinutes(2);

  private final ConnectionSettings kafka;
  private final int learned;
  private final int rows;

  /**
   * @param learned labelled rows before the explained ones
   * @param rows explained rows
   */
  ExplainTrial(ConnectionSettings kafka, int learned, int rows) {
    this.kafka = kafka;
    this.learned = learned;
    this.rows = rows;
  }

  /**
   * Runs one function.
   *
   * @param function 1..10
   * @throws CliException if answers do not come, or are not explained
   */
  ExplainResult run(int function) throws InterruptedException {
    TaskSpec task = LoanTask.infer("loans-" + function, List.of(function));
    JsonRows json = new JsonRows(task);
    AgrawalGenerator generator = new AgrawalGenerator(function, PERTURBATION);
    try (TaskRegistry tasks = new TaskRegistry(kafka);
        TopicTail<PredictionMessage> answers = TopicTail.predictions(kafka, task.name());
        RowSender sender = new RowSender(kafka, task.name())) {
      tasks.create(task);
      RateLimiter limiter = new RateLimiter(RATE);
      for (int i = 0; i < learned; i++) {
        limiter.await();
        byte[] row = json.write(LoanTask.columns(generator.next(function)));
        sender.send("learned-" + i, row, RowSender.Use.BOTH, null);
      }
      collect(answers, learned);
      Map<String, String> truths = new HashMap<>();
      for (int i = 0; i < rows; i++) {
        LoanRow row = generator.next(function);
        Map<String, String> columns = new HashMap<>(LoanTask.columns(row));
        columns.remove(LoanTask.TARGET);
        truths.put("explained-" + i, row.group());
        sender.send("explained-" + i, json.write(columns), RowSender.Use.TEST, null, true);
      }
      return result(function, collect(answers, rows), truths);
    }
  }

  private static List<PredictionMessage> collect(TopicTail<PredictionMessage> answers, int count)
      throws InterruptedException {
    List<PredictionMessage> collected = new ArrayList<>();
    StallDetector stall = new StallDetector(STALL);
    while (collected.size() < count) {
      answers.poll(Duration.ofMillis(100)).forEach(each -> collected.add(each.value()));
      if (stall.reached(collected.size())) {
        throw new CliException(
            "Only %d of %d rows are answered; see 'lift status'.", collected.size(), count);
      }
    }
    return collected;
  }

  private static ExplainResult result(
      int function, List<PredictionMessage> answers, Map<String, String> truths) {
    Set<String> deciding = AgrawalColumns.of(function);
    int all = 0;
    int first = 0;
    int right = 0;
    double variants = 0;
    double millis = 0;
    for (PredictionMessage answer : answers) {
      Explanation explanation = answer.explanation();
      if (explanation == null || explanation.columns() == null) {
        throw new CliException(
            "Row %s is not explained: %s.",
            answer.row(), explanation == null ? answer.message() : explanation.message());
      }
      List<String> order = explanation.columns().stream().map(Contribution::column).toList();
      all += deciding.equals(Set.copyOf(order.subList(0, deciding.size()))) ? 1 : 0;
      first += deciding.contains(order.get(0)) ? 1 : 0;
      right += answer.answer().label().equals(truths.get(answer.row())) ? 1 : 0;
      variants += explanation.variants();
      millis += explanation.millis();
    }
    double n = answers.size();
    return new ExplainResult(
        function,
        deciding.stream().sorted().toList(),
        answers.size(),
        right / n,
        all / n,
        first / n,
        variants / n,
        millis / n);
  }
}
