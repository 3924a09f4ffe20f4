package io.lift.bench.model;

import io.lift.bench.measure.ResidentMemory;
import io.lift.cli.Lift;
import io.lift.cli.base.CliException;
import io.lift.cli.base.Home;
import io.lift.cli.stack.Service;
import io.lift.cli.stack.Stack;
import io.lift.cli.stack.StackOptions;
import io.lift.cli.stack.StackProcess;
import io.lift.cli.stack.Workspace;
import io.lift.cli.term.Terminal;
import io.lift.model.BaseModel;
import io.lift.testing.RandomModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A folder laid out as a published model (shards, bfloat16, 32,768 tokens, random weights) under
 * the packaged services: it is opened, an adapter is trained on a table through Kafka, and test
 * rows are answered. Memory and times are printed.
 */
@Command(
    name = "published",
    mixinStandardHelpOptions = true,
    header = "Trains an adapter on a published model's folder through Kafka; memory and times.")
public final class PublishedCommand implements Callable<Integer> {
  private static final RandomModelFolder.Size SMALL =
      new RandomModelFolder.Size("qwen2", 32_768, 128, 4, 4, 2, 384);
  private static final double GIB = 1 << 30;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "A model folder; default: one of 105 million parameters is made.")
  private Path model;

  @Option(names = "--small", description = "Make one of 5 million parameters instead.")
  private boolean small;

  @Option(
      names = "--data",
      paramLabel = "FILE.csv",
      defaultValue = "../shared/data/classification/iris.csv",
      description = "The table (default ${DEFAULT-VALUE}).")
  private Path data;

  @Option(
      names = "--target",
      paramLabel = "COLUMN",
      defaultValue = "class",
      description = "What to predict (default ${DEFAULT-VALUE}).")
  private String target;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Upper bound of optimizer steps; default: the preset's 10 epochs.")
  private Integer steps;

  @Option(
      names = "--limit",
      paramLabel = "GIB",
      defaultValue = "4",
      description = "Memory that no process may exceed (default ${DEFAULT-VALUE}).")
  private double limit;

  private final Terminal terminal = Terminal.stdout();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Home home = Home.find();
    Path table = table(home);
    try (Workspace workspace = Workspace.claim(home, "bench-published")) {
      Path folder = model != null ? model.toAbsolutePath() : made(workspace.directory());
      open(folder);
      Map<String, String> settings = new TreeMap<>(Map.of("lift.model.path", folder.toString()));
      if (steps != null) {
        settings.put("lift.trainer.max-steps", steps.toString());
      }
      StackOptions options =
          new StackOptions(workspace.directory(), Optional.empty(), 1, false, settings);
      try (Stack stack = Stack.start(home, options, terminal)) {
        int code =
            Lift.run(
                "eval",
                table.toString(),
                "--target",
                target,
                "--bootstrap",
                stack.kafka().bootstrap());
        return code == 0 && memory(stack) ? 0 : 1;
      }
    }
  }

  private Path table(Home home) {
    Path table = home.root().resolve(data);
    if (Files.exists(table)) {
      return table;
    }
    Path example = home.root().resolve("docs/example/loans.csv");
    terminal.out().printf("There is no %s; %s is used instead.%n", table.normalize(), example);
    target = "group";
    return example;
  }

  private Path made(Path directory) throws IOException {
    Path folder = directory.resolve("tmp/model");
    RandomModelFolder.Size size = small ? SMALL : RandomModelFolder.Size.qwen2Small();
    long started = System.nanoTime();
    RandomModelFolder.write(folder, size, 3, 1);
    terminal.out().printf("made a model folder in %.1f s%n", seconds(started));
    return folder;
  }

  private void open(Path folder) {
    long started = System.nanoTime();
    try (BaseModel base = BaseModel.open(folder.toString(), "cpu")) {
      terminal
          .out()
          .printf(
              "%s: %,d parameters, opened in %.1f s%n",
              base.name(), base.parameters(), seconds(started));
    }
  }

  /** Whether every service stayed within the limit. */
  private boolean memory(Stack stack) {
    List<String> tooLarge = new ArrayList<>();
    for (StackProcess process : stack.runFile().processes()) {
      double peak = ResidentMemory.peak(process.pid()) / GIB;
      terminal.out().printf("%-12s at most %.2f GiB%n", process.name(), peak);
      boolean holdsModel =
          process.service() == Service.TRAINER || process.service() == Service.INFERENCE;
      if (holdsModel && peak > limit) {
        tooLarge.add(process.name());
      }
    }
    if (!tooLarge.isEmpty()) {
      throw new CliException("More than %.1f GiB: %s.", limit, String.join(", ", tooLarge));
    }
    return true;
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }
}
