package io.lift.bench.prequential;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lift.cli.base.CliException;
import io.lift.cli.term.Terminal;
import io.lift.cli.term.TextTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The figures of tasks that ran at once, as a table and as JSON. */
final class TasksReport {
  private static final JsonMapper JSON = new JsonMapper();

  private final List<TasksTrial.Result> results;

  TasksReport(List<TasksTrial.Result> results) {
    this.results = results;
  }

  void print(Terminal terminal) {
    TextTable table =
        new TextTable(
            "task",
            "columns",
            "majority",
            "after 100 rows",
            "first checkpoint",
            "checkpoints",
            "age at the end",
            "p99");
    for (TasksTrial.Result result : results) {
      table.row(
          result.table().name(),
          Integer.toString(columns(result)),
          percent(result.score().majority()),
          percent(later(result)),
          seconds(result.first()),
          Integer.toString(result.checkpoints()),
          seconds(result.age()),
          "%.0f ms".formatted(result.latencies().quantile(0.99)));
    }
    terminal.out().println(table.render(terminal));
    long above = results.stream().filter(r -> later(r) > r.score().majority()).count();
    boolean all = results.stream().noneMatch(result -> Double.isNaN(result.first()));
    double slowest = results.stream().mapToDouble(TasksTrial.Result::first).max().orElseThrow();
    terminal
        .out()
        .println(
            "%d of %d tasks are above their majority; %s"
                .formatted(
                    above,
                    results.size(),
                    all
                        ? "the slowest first checkpoint came after %.1f s.".formatted(slowest)
                        : "some have no checkpoint."));
  }

  private static int columns(TasksTrial.Result result) {
    return result.table().rows().get(0).size() - 1;
  }

  /** Accuracy over the rows after the first ones. */
  private static double later(TasksTrial.Result result) {
    return result.score().accuracy(TasksCommand.BEFORE, result.table().rows().size());
  }

  private static String percent(double share) {
    return "%.1f %%".formatted(100 * share);
  }

  private static String seconds(double seconds) {
    return Double.isNaN(seconds) ? "none" : "%.1f s".formatted(seconds);
  }

  void write(Path file) {
    ArrayNode tasks = JSON.createArrayNode();
    for (TasksTrial.Result result : results) {
      ObjectNode node = tasks.addObject();
      node.put("task", result.table().name()).put("columns", columns(result));
      node.put("rows", result.table().rows().size()).put("answered", result.score().answers());
      node.put("majority", result.score().majority()).put("accuracy_after_100", later(result));
      put(node, "seconds_to_first_checkpoint", result.first());
      node.put("checkpoints", result.checkpoints());
      put(node, "checkpoint_age_at_end", result.age());
      put(node, "latency_p50_ms", result.latencies().quantile(0.5));
      put(node, "latency_p99_ms", result.latencies().quantile(0.99));
    }
    try {
      Files.writeString(
          file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tasks) + "\n");
    } catch (IOException e) {
      throw new CliException(e, "Cannot write " + file + ".");
    }
  }

  /** A value that is absent where it is not known. */
  private static void put(ObjectNode node, String name, double value) {
    if (!Double.isNaN(value)) {
      node.put(name, value);
    }
  }
}
