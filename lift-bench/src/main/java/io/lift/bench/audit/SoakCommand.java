package io.lift.bench.audit;

import io.lift.bench.audit.MalformedRecords.Malformed;
import io.lift.bench.audit.MalformedRecords.Size;
import io.lift.bench.stream.LoanExamples;
import io.lift.bench.stream.LoanStream;
import io.lift.cli.base.Home;
import io.lift.cli.rows.RateLimiter;
import io.lift.cli.stack.Health;
import io.lift.cli.stack.Stack;
import io.lift.cli.stack.StackOptions;
import io.lift.cli.stack.StackProcess;
import io.lift.cli.stack.Workspace;
import io.lift.cli.term.Terminal;
import io.lift.kafka.KafkaConnection;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A long stream of good rows, of rows and labels that come apart, and of malformed records, while
 * the services and the broker are killed at random. At the end each good row must have been
 * answered once and learned once, each malformed record must be a dead letter, and nothing may have
 * stood still or grown.
 */
@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    header = "Good, malformed and late records for half an hour, while processes are killed.")
public final class SoakCommand implements Callable<Integer> {
  /** Malformed records between two large ones. */
  private static final int LARGE_EVERY = 100;

  private static final long POLL_MILLIS = 500;

  /** Nothing is killed so shortly before the end, when its return could not be seen. */
  private static final long LAST_MILLIS = 45_000;

  @Option(
      names = "--minutes",
      defaultValue = "30",
      description = "How long rows are sent (default ${DEFAULT-VALUE}).")
  private double minutes;

  @Option(
      names = "--rate",
      defaultValue = "50",
      description = "Good rows in a second (default ${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--malformed-rate",
      defaultValue = "2",
      description = "Malformed records in a second (default ${DEFAULT-VALUE}).")
  private double malformedRate;

  @Option(
      names = "--kill-seconds",
      defaultValue = "60",
      description =
          "Seconds between two SIGKILLs, or longer until all are ready (default"
              + " ${DEFAULT-VALUE}).")
  private double killSeconds;

  @Option(
      names = "--kill",
      split = ",",
      paramLabel = "NAME",
      description = "Processes to kill, e.g. broker,evaluator (default: all).")
  private List<String> victims = List.of();

  @Option(names = "--seed", defaultValue = "1", description = "Seed (default ${DEFAULT-VALUE}).")
  private long seed;

  private final Terminal terminal = Terminal.stdout();

  @Override
  public Integer call() throws Exception {
    Home home = Home.find();
    try (Workspace workspace = Workspace.claim(home, "soak");
        Stack stack =
            Stack.start(
                home,
                new StackOptions(workspace.directory(), Optional.empty(), 1, false),
                terminal);
        MalformedSender malformed = new MalformedSender(stack.kafka().connection());
        StackWatch watch = new StackWatch(stack)) {
      LoanStream stream = new LoanStream(stack.kafka(), 2, seed);
      int rows = (int) (rate * minutes * 60);
      Thread sending = stream.start(rows, rate);
      Thread spoiling = new Thread(() -> spoil(stack.kafka().connection(), malformed), "malformed");
      spoiling.start();
      watch.start();
      int killed = kill(stack, watch);
      sending.join();
      watch.stop(); // without rows nothing moves
      spoiling.join();
      terminal
          .out()
          .printf(
              "%,d rows and %,d malformed records sent, %d processes killed.%n",
              rows, malformed.count(), killed);
      boolean whole = watch.report(terminal);
      whole &= stream.awaitCompletion(terminal);
      whole &= deliveries(stack, stream);
      whole &= letters(stack, malformed);
      terminal.out().println(whole ? "Nothing was lost or repeated." : "Something went wrong.");
      return whole ? 0 : 1;
    }
  }

  private void spoil(KafkaConnection kafka, MalformedSender sender) {
    MalformedRecords kinds = new MalformedRecords(kafka.topics().rows().name(), "loans-1");
    LoanExamples loans = new LoanExamples("loans-1");
    Random random = new Random(seed);
    RateLimiter limiter = new RateLimiter(malformedRate);
    int count = (int) (malformedRate * minutes * 60);
    for (int n = 0; n < count; n++) {
      limiter.await();
      boolean large = n % LARGE_EVERY == LARGE_EVERY - 1;
      List<Malformed> candidates =
          kinds.of(loans.row(), n).stream()
              .filter(one -> (one.size() != Size.SMALL) == large)
              .toList();
      sender.send(candidates.get(random.nextInt(candidates.size())));
    }
  }

  private int kill(Stack stack, StackWatch watch) throws IOException, InterruptedException {
    Random random = new Random(seed);
    long started = System.currentTimeMillis();
    long last = started + (long) (minutes * 60_000) - LAST_MILLIS;
    int kills = 0;
    for (int n = 1; ; n++) {
      long at = started + (long) (1000 * n * killSeconds);
      Thread.sleep(Math.max(0, Math.min(at, last) - System.currentTimeMillis()));
      awaitReady(stack);
      if (System.currentTimeMillis() >= last) {
        return kills;
      }
      List<String> names = victims.isEmpty() ? names(stack) : victims;
      String name = names.get(random.nextInt(names.size()));
      terminal
          .out()
          .printf(
              "%6.1f s  killed and restarted the %s%n",
              (System.currentTimeMillis() - started) / 1e3, name);
      watch.killed(name);
      stack.crash(name);
      kills++;
    }
  }

  private static List<String> names(Stack stack) {
    return stack.runFile().processes().stream().map(StackProcess::name).toList();
  }

  /** A process that has not come back yet could not show how soon it does. */
  private static void awaitReady(Stack stack) throws InterruptedException {
    while (!stack.runFile().processes().stream()
        .allMatch(process -> process.service() == null || Health.isReady(process.port()))) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  private boolean deliveries(Stack stack, LoanStream stream) {
    DeliveryAudit audit = new DeliveryAudit(stack.kafka().connection());
    audit.audit(stream.ids(), stream.ids());
    audit.counts().forEach((name, count) -> terminal.out().printf("  %-14s %,d%n", name, count));
    audit.faults().forEach(fault -> terminal.out().println("  FAULT " + fault));
    return audit.faults().isEmpty();
  }

  private boolean letters(Stack stack, MalformedSender sender) throws Exception {
    MalformedAudit audit = MalformedAudit.of(stack.kafka().connection(), sender.places());
    audit.faults().forEach(fault -> terminal.out().println("  FAULT " + fault));
    terminal
        .out()
        .printf("  %d of %d malformed records are dead letters%n", audit.found(), audit.expected());
    return audit.wrong() == 0;
  }
}
