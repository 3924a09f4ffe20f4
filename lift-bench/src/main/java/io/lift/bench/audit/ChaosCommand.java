package io.lift.bench.audit;

import io.lift.bench.stream.LoanStream;
import io.lift.cli.base.Home;
import io.lift.cli.stack.Service;
import io.lift.cli.stack.Stack;
import io.lift.cli.stack.StackOptions;
import io.lift.cli.stack.Workspace;
import io.lift.cli.term.Terminal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Kills services with SIGKILL at random moments of a stream and then audits the delivery: exactly
 * one prediction for each request, each labelled row in exactly one checkpoint's range, no
 * checkpoint corrupt.
 */
@Command(
    name = "chaos",
    mixinStandardHelpOptions = true,
    header = "SIGKILLs the services during a stream and checks that nothing is lost or repeated.")
public final class ChaosCommand implements Callable<Integer> {
  @Option(names = "--rows", defaultValue = "5000", description = "Rows (default ${DEFAULT-VALUE}).")
  private int rows;

  @Option(
      names = "--kills",
      defaultValue = "10",
      description = "SIGKILLs of each service (default ${DEFAULT-VALUE}).")
  private int kills;

  @Option(
      names = "--minutes",
      defaultValue = "6",
      description = "Over how long rows and kills are spread (default ${DEFAULT-VALUE}).")
  private double minutes;

  @Option(names = "--tasks", defaultValue = "2", description = "Tasks (default ${DEFAULT-VALUE}).")
  private int tasks;

  @Option(
      names = "--trainers",
      defaultValue = "1",
      description = "Trainers; with more than one, one is killed for good and another added.")
  private int trainers;

  @Option(names = "--seed", defaultValue = "1", description = "Seed (default ${DEFAULT-VALUE}).")
  private long seed;

  /** A SIGKILL to come. */
  private record Kill(long atMillis, Service service) {}

  @Override
  public Integer call() throws Exception {
    Terminal terminal = Terminal.stdout();
    Home home = Home.find();
    try (Workspace workspace = Workspace.claim(home, "chaos");
        Stack stack =
            Stack.start(
                home,
                new StackOptions(workspace.directory(), Optional.empty(), trainers, false),
                terminal)) {
      LoanStream stream = new LoanStream(stack.kafka(), tasks, seed);
      Thread sending = stream.start(rows, rows / (minutes * 60));
      int killed = killAll(stack, terminal);
      sending.join();
      terminal
          .out()
          .printf("%d rows of %d tasks sent, %d processes killed.%n", rows, tasks, killed);
      boolean complete = stream.awaitCompletion(terminal);

      DeliveryAudit audit = new DeliveryAudit(stack.kafka().connection());
      audit.audit(stream.ids(), stream.ids());
      audit.counts().forEach((name, count) -> terminal.out().printf("  %-14s %,d%n", name, count));
      audit.faults().forEach(fault -> terminal.out().println("  FAULT " + fault));
      boolean whole = complete && audit.faults().isEmpty();
      terminal
          .out()
          .println(
              whole
                  ? "Nothing was lost or repeated."
                  : "Rows were lost or repeated; see the logs in .lift/chaos.");
      return whole ? 0 : 1;
    }
  }

  private int killAll(Stack stack, Terminal terminal) throws IOException, InterruptedException {
    long started = System.currentTimeMillis();
    List<Kill> plan = plan(new Random(seed));
    for (Kill kill : plan) {
      Thread.sleep(Math.max(0, started + kill.atMillis() - System.currentTimeMillis()));
      String name = kill.service().title();
      stack.crash(name);
      terminal
          .out()
          .printf(
              "%5.1f s  killed and restarted the %s%n",
              (System.currentTimeMillis() - started) / 1e3, name);
    }
    if (trainers > 1) {
      String gone = Service.TRAINER.title() + "-" + trainers;
      String added = Service.TRAINER.title() + "-" + (trainers + 1);
      stack.kill(gone);
      stack.start(Service.TRAINER, added);
      terminal.out().printf("killed %s for good, added %s%n", gone, added);
      return plan.size() + 1;
    }
    return plan.size();
  }

  /** Random moments; each service gets time to come up between two of its own. */
  private List<Kill> plan(Random random) {
    long span = (long) (minutes * 60_000);
    List<Kill> plan = new ArrayList<>();
    for (Service service : Service.values()) {
      for (int i = 0; i < kills; i++) {
        long slot = span / kills;
        plan.add(new Kill(i * slot + (long) (random.nextDouble() * slot * 0.7), service));
      }
    }
    plan.sort(Comparator.comparingLong(Kill::atMillis));
    return plan;
  }
}
