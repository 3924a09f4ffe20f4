package io.lift.cli.demo;

import io.lift.cli.base.CliException;
import io.lift.cli.base.Home;
import io.lift.cli.stack.Stack;
import io.lift.cli.stack.StackOptions;
import io.lift.cli.stack.Workspace;
import io.lift.cli.term.Terminal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lift demo}. */
@Command(
    name = "demo",
    header = "Watch a language model learn from a stream.",
    description = {
      "Starts Kafka and the four services, streams loan applications (Agrawal's generator), and"
          + " shows how well each is predicted before the model learns from it. Half-way the"
          + " decision rule changes.",
      "Everything is kept in .lift/ and ends with the command."
    },
    footer = {"  lift demo --rows 3000", "  lift demo --functions 2,5,7 --drift-at 2000 --rate 50"})
public final class DemoCommand implements Callable<Integer> {
  private static final long ENDLESS_DRIFT = 3_000;

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "End after so many rows (default: go on until Ctrl-C).")
  private Integer rows;

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "100",
      description = "Rows per second (default: ${DEFAULT-VALUE}). They wait for nobody.")
  private double rate;

  @Option(
      names = "--functions",
      split = ",",
      defaultValue = "1,3",
      paramLabel = "F",
      description = "Decision functions 1..10, in the order of the drifts (default: 1,3).")
  private List<Integer> functions;

  @Option(
      names = "--drift-at",
      paramLabel = "ROW",
      description = "Rows between drifts (default: half of --rows; every 3000 when endless).")
  private Long driftAt;

  @Option(
      names = "--noise",
      defaultValue = "0.05",
      paramLabel = "P",
      description =
          "How far numbers are perturbed, as a part of their range (default: ${DEFAULT-VALUE}).")
  private double noise;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "S",
      description = "Seed of the rows (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Override
  public Integer call() throws InterruptedException {
    if (rows != null && rows < 2) {
      throw new CliException("--rows must be at least 2.");
    }
    if (!(rate > 0)) {
      throw new CliException("--rate must be above 0.");
    }
    if (noise < 0 || noise > 1) {
      throw new CliException("--noise is a part of the range, from 0 to 1.");
    }
    boolean endless = rows == null;
    long every = driftAt != null ? driftAt : endless ? ENDLESS_DRIFT : rows / 2;
    DriftSchedule schedule = new DriftSchedule(functions, every, endless);
    Home home = Home.find();
    Terminal terminal = Terminal.stdout();
    CountDownLatch ended = new CountDownLatch(1);
    Thread awaitSummary = new Thread(() -> awaitQuietly(ended), "await-summary");
    try (Workspace workspace = Workspace.claim(home, "demo");
        Stack stack =
            Stack.start(
                home,
                new StackOptions(workspace.directory(), Optional.empty(), 1, false),
                terminal)) {
      Runtime.getRuntime().addShutdownHook(awaitSummary);
      DemoRun run =
          new DemoRun(
              stack,
              schedule,
              endless ? 0 : rows,
              rate,
              new AgrawalGenerator(seed, noise),
              terminal);
      run.run();
    } finally {
      ended.countDown();
    }
    return 0;
  }

  private static void awaitQuietly(CountDownLatch ended) {
    try {
      ended.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
