package io.lift.bench.paper;

import io.lift.bench.baseline.Baselines;
import io.lift.cli.base.CliException;
import io.lift.cli.base.Home;
import io.lift.cli.stack.ConnectionOptions;
import io.lift.cli.stack.ServiceOptions;
import io.lift.cli.term.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lift bench paper}. */
@Command(
    name = "paper",
    mixinStandardHelpOptions = true,
    header = "Experiments of the paper through the services, beside baselines and the paper.",
    description = {
      "Writes one page (paper.html) and its figures (paper.json) as results come in. Every result"
          + " is a file below OUT/cells: a stopped command goes on where it was, and a result whose"
          + " file is deleted, or which is of another model or recipe than this installation's, is"
          + " run again.",
      "Uses the running stack, else keeps one up for all runs, or several for several at once."
          + " Sets without files are left out, and the page says so. Exit code 0 only if every"
          + " result is there.",
      "With --model or --set give an --out of its own: its results are of another model."
    })
public final class PaperCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      defaultValue = "../shared/data",
      description =
          "Directory with classification/, regression/ and text/ (default ${DEFAULT-VALUE}).")
  private Path data;

  @Option(
      names = "--out",
      defaultValue = ".lift/paper",
      description = "Where results and report are kept (default ${DEFAULT-VALUE}).")
  private Path out;

  @Option(
      names = "--only",
      arity = "1..*",
      paramLabel = "EXPERIMENT",
      description = "Run these experiments only: ${COMPLETION-CANDIDATES}.",
      completionCandidates = Names.class)
  private List<String> only = List.of();

  @Option(
      names = "--methods",
      arity = "1..*",
      paramLabel = "METHOD",
      description =
          "Run these methods only: lift, linear, knn, tree, forest, svm, mlp, xgboost, words.")
  private List<String> methods = List.of();

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "So many runs of each experiment that has several (default ${DEFAULT-VALUE}); the first"
              + " ones come first.")
  private int runs;

  @Option(
      names = "--at-once",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "So many results at a time, each by a stack of its own (about 3 GiB of memory and one"
              + " busy core) unless one runs already (default ${DEFAULT-VALUE}).")
  private int atOnce;

  @Option(names = "--quick", description = "Few sets, one run, few rows and steps: some minutes.")
  private boolean quick;

  @Option(
      names = "--list",
      description = "Print which of the paper's experiments are run and which are not, and end.")
  private boolean list;

  @Option(names = "--report", description = "Write the report from the results that are there.")
  private boolean reportOnly;

  @Option(
      names = "--publish",
      paramLabel = "FILE",
      description = "Write the results of the experiments that are run to FILE as well.")
  private Path publish;

  @Mixin private ConnectionOptions connection;

  @Mixin private ServiceOptions services;

  /** Runs something at most every ten seconds. */
  private static final class Throttle implements Runnable {
    private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

    private final Runnable action;
    private long last = System.nanoTime() - PAUSE_NANOS;

    Throttle(Runnable action) {
      this.action = action;
    }

    @Override
    public void run() {
      if (System.nanoTime() - last >= PAUSE_NANOS) {
        action.run();
        last = System.nanoTime();
      }
    }
  }

  /** The experiments' names, for the help. */
  static final class Names extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Names() {
      super(Experiments.all().stream().map(Experiment::name).toList());
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (list) {
      Terminal.stdout().out().print(PaperCoverage.markdown());
      return 0;
    }
    if (atOnce < 1) {
      throw new CliException("--at-once is 1 or more.");
    }
    if (runs < 1) {
      throw new CliException("--runs is 1 or more.");
    }
    Home home = Home.find();
    Sets sets = new Sets(home.root().resolve(data));
    Path directory = Files.createDirectories(home.root().resolve(out));
    TreeSet<String> skipped = new TreeSet<>();
    List<Experiment> all = all();
    all.forEach(e -> e.sets().stream().filter(s -> !sets.has(s)).forEach(skipped::add));
    List<Experiment> present =
        all.stream()
            .map(e -> e.on(e.sets().stream().filter(sets::has).toList()))
            .filter(e -> !e.sets().isEmpty())
            .toList();

    CellFiles files = new CellFiles(directory, LiftPrint.own(services.settings()));
    String name = quick ? "quick" : "paper";
    Report report = new Report(present, List.copyOf(skipped), sets, files, quick);
    Terminal terminal = Terminal.stdout();
    List<Experiment> chosen =
        present.stream().filter(e -> only.isEmpty() || only.contains(e.name())).toList();
    List<Cell> cells =
        chosen.stream()
            .flatMap(e -> e.cells().stream())
            .filter(cell -> methods.isEmpty() || methods.contains(cell.method()))
            .filter(cell -> cell.run() < runs)
            .distinct()
            .sorted(Comparator.comparingInt(Cell::run)) // stopped early, all has been tried once
            .toList();
    Map<Cell, String> failures = Map.of();
    if (!skipped.isEmpty()) {
      terminal.out().printf("Not in %s, left out: %s.%n", data, String.join(", ", skipped));
    }
    long outdated = files.outdated(cells);
    if (outdated > 0) {
      terminal
          .out()
          .printf(
              "%,d results are of another model or recipe: they %s.%n",
              outdated, reportOnly ? "do not count" : "are run again");
    }
    if (!reportOnly) {
      List<LiftMethod> lifts =
          Stream.generate(
                  () ->
                      new LiftMethod(
                          home,
                          connection,
                          services.settings(),
                          directory.resolve("work"),
                          terminal))
              .limit(atOnce)
              .toList();
      try {
        PaperRun run = new PaperRun(sets, files, lifts, terminal);
        run.run(cells, new Throttle(() -> report.write(directory, name, run.failures())));
        failures = run.failures();
      } finally {
        lifts.forEach(LiftMethod::close);
      }
    }
    report.write(directory, name, failures);
    if (publish != null) {
      new PublishedResults(chosen, sets, files, new PaperFigures())
          .write(home.root().resolve(publish));
    }
    terminal.out().println("Report: " + Home.show(directory.resolve(name + ".html")));
    long missing = cells.stream().filter(cell -> !files.has(cell)).count();
    if (missing > 0) {
      terminal.out().printf("%,d of %,d results are missing.%n", missing, cells.size());
    }
    return missing == 0 ? 0 : 1;
  }

  private List<Experiment> all() {
    List<Experiment> all = Experiments.all();
    check("experiment", only, all.stream().map(Experiment::name).toList());
    List<String> known = new ArrayList<>(List.of(Experiment.LIFT));
    known.addAll(Baselines.names());
    check("method", methods, known);
    return all.stream().map(e -> quick ? e.quickly() : e).toList();
  }

  private static void check(String what, List<String> given, List<String> known) {
    for (String name : given) {
      if (!known.contains(name)) {
        throw new CliException(
            "There is no %s '%s'; there are %s.", what, name, String.join(", ", known));
      }
    }
  }
}
