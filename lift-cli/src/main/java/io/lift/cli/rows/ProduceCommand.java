package io.lift.cli.rows;

import io.lift.cli.base.CliException;
import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.kafka.RowSender;
import io.lift.cli.kafka.TaskRegistry;
import io.lift.cli.stack.ConnectionOptions;
import io.lift.cli.table.EncodingOption;
import io.lift.cli.table.ImageOptions;
import io.lift.cli.term.ProgressBar;
import io.lift.cli.term.Terminal;
import io.lift.core.table.ColumnNames;
import io.lift.core.table.JsonRows;
import io.lift.core.table.RefusedRows;
import io.lift.core.table.RowTable;
import io.lift.core.task.TaskSpec;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lift produce}. */
@Command(
    name = "produce",
    header = "Send the rows of a CSV file, or images, to Kafka.",
    description = {
      "A row with its target is predicted first and trained on afterwards. A row without its target"
          + " is only predicted. --use limits this.",
      "At the end it says how many rows cannot be used, and why."
    },
    footer = {
      "  lift produce loans.csv --task loans --rate 100",
      "  cat *.csv | lift produce - --task loans",
      "  lift produce --images train-images.gz --labels train-labels.gz --crop 18 --task digits"
    })
public final class ProduceCommand implements Callable<Integer> {
  @Mixin private ConnectionOptions connection;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE.csv",
      description = "A CSV file with a header, or - for stdin.")
  private String file;

  @Mixin private EncodingOption encoding;

  @Mixin private ImageOptions images;

  @Option(names = "--task", required = true, paramLabel = "NAME", description = "The rows' task.")
  private String task;

  @Option(
      names = "--rate",
      defaultValue = "0",
      paramLabel = "R",
      description = "Rows per second (default: as fast as Kafka accepts them).")
  private double rate;

  @Option(
      names = "--id",
      paramLabel = "COLUMN",
      description = "Column that holds row ids (default: file, time and row number).")
  private String id;

  @Option(
      names = "--use",
      defaultValue = "both",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private RowSender.Use use;

  @Override
  public Integer call() throws InterruptedException, IOException {
    ConnectionSettings kafka = connection.settings();
    TaskSpec spec;
    try (TaskRegistry tasks = new TaskRegistry(kafka)) {
      spec = tasks.get(task);
    }
    long total = "-".equals(file) ? -1 : images.count(file, encoding);
    JsonRows json = new JsonRows(spec);
    RefusedRows refused = new RefusedRows(spec, id != null);
    long sent = 0;
    try (RowTable table = images.open(file, encoding);
        RowSender sender = new RowSender(kafka, task);
        ProgressBar bar = new ProgressBar(Terminal.stderr(), "produce", "rows", total)) {
      checkColumns(table.columns(), spec);
      RowIds ids = new RowIds(table.columns(), images.name(file), id);
      RateLimiter limiter = new RateLimiter(rate);
      for (Map<String, String> row : table) {
        limiter.await();
        sent++;
        byte[] value = json.write(row);
        refused.refuses(sent, value, use == RowSender.Use.TRAIN);
        sender.send(ids.of(sent, row), value, use, null);
        bar.set(sender.acknowledged());
      }
      sender.flush();
      bar.set(sender.acknowledged());
    }
    Terminal.stdout().out().printf("Sent %,d rows to %s.%n", sent, task);
    if (refused.count() > 0) {
      report(refused, sent);
    }
    return 0;
  }

  private void report(RefusedRows refused, long sent) {
    if (refused.count() == sent) {
      throw new CliException("None of the rows can be used: %s", refused.reasons());
    }
    Terminal.stdout()
        .out()
        .printf(
            "%,d of them cannot be used: %s%nSee them with: lift dead-letters --task %s%n",
            refused.count(), refused.reasons(), task);
  }

  /** A file that shares no column with the task can only be a mistake. */
  static void checkColumns(List<String> columns, TaskSpec spec) {
    boolean shared = spec.features().stream().anyMatch(column -> columns.contains(column.name()));
    if (!shared) {
      throw new CliException(
          "None of the file's columns (%s) is a feature of the task '%s'.",
          ColumnNames.list(columns), spec.name());
    }
  }
}
