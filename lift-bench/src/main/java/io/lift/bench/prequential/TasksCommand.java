package io.lift.bench.prequential;

import io.lift.cli.base.CliException;
import io.lift.cli.base.Home;
import io.lift.cli.stack.Stack;
import io.lift.cli.stack.StackOptions;
import io.lift.cli.stack.Workspace;
import io.lift.cli.term.ProgressBar;
import io.lift.cli.term.Terminal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Many tasks at once on one stack. Each has a table of its own, drawn from a seed; the first one
 * has 130 columns. It shows whether any task waits for the others.
 */
@Command(
    name = "tasks",
    mixinStandardHelpOptions = true,
    header = "Many tasks at once: whether each learns, and how long it waits for a checkpoint.",
    footer = {
      "  lift bench tasks --tasks 20 --rate 5 --rows 200 --json tasks.json",
    })
public final class TasksCommand implements Callable<Integer> {
  /** Rows before those whose accuracy counts. */
  static final int BEFORE = 100;

  @Option(
      names = "--tasks",
      defaultValue = "20",
      paramLabel = "N",
      description = "How many tasks (default: ${DEFAULT-VALUE}).")
  private int tasks;

  @Option(
      names = "--rate",
      defaultValue = "5",
      paramLabel = "R",
      description = "Rows per second of each task (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--rows",
      defaultValue = "200",
      paramLabel = "N",
      description = "Rows of each task (default: ${DEFAULT-VALUE}).")
  private int rows;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "S",
      description = "Seed of the tables (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--json", paramLabel = "OUT", description = "Write the figures as JSON too.")
  private Path json;

  @Override
  public Integer call() throws InterruptedException {
    if (tasks < 1 || rate <= 0 || rows <= BEFORE) {
      throw new CliException("--tasks and --rate must be above 0, and --rows above %d.", BEFORE);
    }
    List<StreamTable> tables = SyntheticStreams.of(tasks, rows, seed);
    Terminal terminal = Terminal.stdout();
    Home home = Home.find();
    TasksReport report;
    try (Workspace workspace = Workspace.claim(home, "tasks");
        Stack stack =
            Stack.start(
                home,
                new StackOptions(workspace.directory(), Optional.empty(), 1, false),
                terminal)) {
      try (ProgressBar bar = new ProgressBar(terminal, "all tasks", "answers", tasks * rows)) {
        report = new TasksReport(new TasksTrial(stack.kafka(), rate).run(tables, bar));
      }
    }
    report.print(terminal);
    if (json != null) {
      report.write(json);
    }
    return 0;
  }
}
