package io.lift.cli.rows;

import io.lift.cli.base.CliException;
import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.kafka.RowGeneration;
import io.lift.cli.kafka.TaskRegistry;
import io.lift.cli.stack.ConnectionOptions;
import io.lift.cli.term.ProgressBar;
import io.lift.cli.term.Terminal;
import io.lift.core.task.Column;
import io.lift.core.task.TaskSpec;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lift generate}. */
@Command(
    name = "generate",
    header = "Sample new rows from a task's model.",
    description = {
      "Writes CSV with the task's columns, the target last; columns of free text stay empty. Every"
          + " row has only values that the table had: its words, numbers within its ranges.",
      "The task must have been created with --generate."
    },
    footer = {
      "  lift generate loans --rows 500 --out more-loans.csv",
      "  lift generate loans --rows 20 --label B --given 'car=make 8' --given age=40"
    })
public final class GenerateCommand implements Callable<Integer> {
  @Mixin private ConnectionOptions connection;

  @Parameters(paramLabel = "TASK", description = "The task.")
  private String task;

  @Option(names = "--rows", required = true, paramLabel = "N", description = "How many rows.")
  private int rows;

  @Mixin private GivenOptions given;

  @Option(
      names = "--temperature",
      defaultValue = "1",
      paramLabel = "T",
      description =
          "1 samples from the model's probabilities, less prefers the most probable values"
              + " (default: ${DEFAULT-VALUE}).")
  private double temperature;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "S",
      description = "The same checkpoint and seed give the same rows (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "FILE.csv",
      description = "Where rows are written (default: stdout).")
  private Path out;

  @Option(
      names = "--timeout",
      defaultValue = "60",
      paramLabel = "SECONDS",
      description = "Give up after this time without any row (default: ${DEFAULT-VALUE}).")
  private double timeout;

  @Override
  public Integer call() throws InterruptedException, IOException {
    if (rows < 1) {
      throw new CliException("--rows is a number of 1 or more, not %d.", rows);
    }
    if (!(temperature >= 0 && Double.isFinite(temperature))) {
      throw new CliException("--temperature is a number of 0 or more.");
    }
    ConnectionSettings kafka = connection.settings();
    TaskSpec spec;
    try (TaskRegistry tasks = new TaskRegistry(kafka)) {
      spec = tasks.get(task);
    }
    if (!spec.training().methodOrPlain().generates()) {
      throw new CliException(
          "Task '%s' cannot generate rows; create one with 'lift task create … --generate'.", task);
    }
    Map<String, Object> values = given.values(spec);
    RowGeneration.Outcome outcome;
    try (Writer text = TextOut.open(out);
        RowGeneration generation = new RowGeneration(kafka, task);
        ProgressBar bar = new ProgressBar(Terminal.stderr(), "generate", "rows", rows)) {
      generation.request(rows, values, temperature, seed);
      outcome = generation.collect(Duration.ofMillis((long) (1000 * timeout)), bar);
      if (!outcome.rows().isEmpty()) {
        write(spec, outcome.rows(), text);
      }
    }
    outcome.require(rows);
    return 0;
  }

  private static void write(TaskSpec spec, List<Map<String, Object>> rows, Writer text)
      throws IOException {
    List<String> columns = new ArrayList<>(spec.features().stream().map(Column::name).toList());
    columns.add(spec.target().name());
    CSVPrinter csv =
        new CSVPrinter(text, CSVFormat.RFC4180.builder().setRecordSeparator("\n").get());
    csv.printRecord(columns);
    for (Map<String, Object> row : rows) {
      csv.printRecord(columns.stream().map(column -> RowGeneration.cell(row.get(column))).toList());
    }
    csv.flush();
  }
}
