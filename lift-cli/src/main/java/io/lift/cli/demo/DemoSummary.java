package io.lift.cli.demo;

import io.lift.cli.stack.Stack;
import io.lift.cli.term.Terminal;
import io.lift.cli.term.TextTable;
import io.lift.core.metrics.MetricNames;
import io.lift.kafka.CompactedTable;
import io.lift.messages.MetricsMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** What the demo says at its end. */
final class DemoSummary {
  private static final int STRETCH = 500;
  private static final int AT_DRIFT = 100;
  private static final Duration EVALUATOR_LIMIT = Duration.ofSeconds(10);

  private final Terminal terminal;
  private final PrequentialScore score;
  private final PredictorCounters predictors;
  private final DriftSchedule schedule;
  private final Stack stack;
  private final String task;

  DemoSummary(
      Terminal terminal,
      PrequentialScore score,
      PredictorCounters predictors,
      DriftSchedule schedule,
      Stack stack,
      String task) {
    this.terminal = terminal;
    this.score = score;
    this.predictors = predictors;
    this.schedule = schedule;
    this.stack = stack;
    this.task = task;
  }

  void print(DemoState state) {
    TextTable table = new TextTable("ACCURACY", "ROWS", "MODEL", "MAJORITY", "BEST POSSIBLE");
    int rows = score.rows();
    int start = 0;
    for (int row = 1; row <= rows; row++) {
      boolean end = row == rows;
      if (!end && !schedule.driftsAt(row)) {
        continue;
      }
      int stretch = Math.min(STRETCH, Math.max(1, (row - start) / 2));
      String rule = "function " + schedule.function(row - 1);
      if (start > 0) {
        int until = Math.min(start + AT_DRIFT, row);
        add(table, "at the drift to " + rule, start, until);
      }
      add(table, (start > 0 ? "recovered, " : "learned, ") + rule, row - stretch, row);
      start = row;
    }
    var out = terminal.out();
    out.println();
    out.println(table.render(terminal));
    out.println();
    printPredictors();
    out.printf(
        "%,d rows sent, %,d answered, %,d dead letters in %.0f s; %d checkpoints, the last trained"
            + " on %,d rows; latency p50 %s, p99 %s.%n",
        state.sent(),
        score.answers(),
        state.deadLetters(),
        state.seconds(),
        state.checkpoint(),
        state.rowsLearned(),
        DemoScreen.millis(state.p50()),
        DemoScreen.millis(state.p99()));
    awaitEvaluator()
        .ifPresent(
            metrics ->
                out.printf(
                    "The evaluator scored %,.0f of them at %.1f %%; %,d more did not count because"
                        + " their checkpoint had seen the row.%n",
                    metrics.total().getOrDefault(MetricNames.COUNT, 0.0),
                    100 * metrics.total().getOrDefault(MetricNames.ACCURACY, Double.NaN),
                    metrics.leaked()));
  }

  private void printPredictors() {
    TextTable table = new TextTable("PREDICTOR", "ROWS", "ACCURACY", "WEIGHT");
    for (PredictorCounters.Line line : predictors.lines()) {
      table.row(
          line.what(),
          "%,d".formatted(line.rows()),
          DemoScreen.percent(line.accuracy()).strip(),
          DemoScreen.percent(line.weight()).strip());
    }
    terminal.out().println(table.render(terminal));
    terminal.out().println();
  }

  private void add(TextTable table, String what, int from, int to) {
    PrequentialScore.Accuracies part = score.between(from, to);
    table.row(
        what,
        "%d-%d".formatted(from + 1, to),
        DemoScreen.percent(part.model()).strip(),
        DemoScreen.percent(part.majority()).strip(),
        DemoScreen.percent(part.best()).strip());
  }

  /** The evaluator publishes a moment after the last answer. */
  private Optional<MetricsMessage> awaitEvaluator() {
    long deadline = System.nanoTime() + EVALUATOR_LIMIT.toNanos();
    try (CompactedTable<MetricsMessage> metrics =
        new CompactedTable<>(stack.kafka().topics().metrics(), stack.kafka().client())) {
      metrics.start();
      while (!stack.isStopping()
          && System.nanoTime() < deadline
          && metrics.get(task).filter(this::isComplete).isEmpty()) {
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      }
      return metrics.get(task);
    }
  }

  private boolean isComplete(MetricsMessage metrics) {
    double scored = metrics.total().getOrDefault(MetricNames.COUNT, 0.0);
    return scored + metrics.leaked() >= score.answers();
  }
}
