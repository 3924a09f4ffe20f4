package io.lift.bench.explain;

import io.lift.cli.base.CliException;
import io.lift.cli.base.Home;
import io.lift.cli.demo.AgrawalGenerator;
import io.lift.cli.stack.Stack;
import io.lift.cli.stack.StackOptions;
import io.lift.cli.stack.Workspace;
import io.lift.cli.term.Terminal;
import io.lift.cli.term.TextTable;
import io.lift.messages.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Explains rows of functions whose deciding columns are known, through Kafka. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    header = "Whether explanations name the columns that decide in Agrawal's functions.",
    footer = {
      "  lift bench explain --functions 1,2,3 --learned 1000 --rows 100 --json explain.json",
    })
public final class ExplainCommand implements Callable<Integer> {
  @Option(
      names = "--functions",
      split = ",",
      defaultValue = "1,2,3",
      paramLabel = "F",
      description = "The functions, 1 to 10 (default: ${DEFAULT-VALUE}).")
  private List<Integer> functions;

  @Option(
      names = "--learned",
      defaultValue = "1000",
      paramLabel = "N",
      description = "Labelled rows of each function (default: ${DEFAULT-VALUE}).")
  private int learned;

  @Option(
      names = "--rows",
      defaultValue = "100",
      paramLabel = "N",
      description = "Rows of each function that are explained (default: ${DEFAULT-VALUE}).")
  private int rows;

  @Option(names = "--json", paramLabel = "OUT", description = "Write the figures as JSON too.")
  private Path json;

  @Override
  public Integer call() throws InterruptedException {
    if (learned < 1
        || rows < 1
        || functions.stream().anyMatch(f -> f < 1 || f > AgrawalGenerator.FUNCTIONS)) {
      throw new CliException(
          "--learned and --rows must be above 0, and --functions from 1 to %d.",
          AgrawalGenerator.FUNCTIONS);
    }
    Terminal terminal = Terminal.stdout();
    Home home = Home.find();
    List<ExplainResult> results = new ArrayList<>();
    try (Workspace workspace = Workspace.claim(home, "explain");
        Stack stack =
            Stack.start(
                home,
                new StackOptions(workspace.directory(), Optional.empty(), 1, false),
                terminal)) {
      ExplainTrial trial = new ExplainTrial(stack.kafka(), learned, rows);
      for (int function : functions) {
        results.add(trial.run(function));
      }
    }
    print(results, terminal);
    if (json != null) {
      write(results);
    }
    return 0;
  }

  private static void print(List<ExplainResult> results, Terminal terminal) {
    TextTable table =
        new TextTable(
            "function", "columns", "right", "all first", "one first", "changed rows", "ms");
    for (ExplainResult result : results) {
      table.row(
          result.function(),
          String.join(", ", result.columns()),
          percent(result.right()),
          percent(result.all()),
          percent(result.first()),
          Math.round(result.variants()),
          Math.round(result.millis()));
    }
    terminal.out().println(table.render(terminal));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }

  private void write(List<ExplainResult> results) {
    try {
      Files.write(json, Json.write(results));
    } catch (IOException e) {
      throw new CliException(e, "Cannot write %s: %s.".formatted(json, e.getMessage()));
    }
  }
}
