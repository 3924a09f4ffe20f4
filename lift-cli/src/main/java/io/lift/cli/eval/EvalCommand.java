package io.lift.cli.eval;

import io.lift.cli.base.CliException;
import io.lift.cli.base.Home;
import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.kafka.RowGeneration;
import io.lift.cli.stack.ConnectionOptions;
import io.lift.cli.stack.RunFile;
import io.lift.cli.stack.ServiceOptions;
import io.lift.cli.stack.Stack;
import io.lift.cli.stack.StackOptions;
import io.lift.cli.stack.Workspace;
import io.lift.cli.task.CalibrationOptions;
import io.lift.cli.task.LanguageOptions;
import io.lift.cli.task.LearningOptions;
import io.lift.cli.task.TaskProposal;
import io.lift.cli.task.TaskView;
import io.lift.cli.term.Terminal;
import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TrainingPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lift eval}. */
@Command(
    name = "eval",
    header = "Train on one part of a table, test on the other, through Kafka.",
    description = {
      "Sends the training rows, waits for the checkpoint that was trained on them all, predicts the"
          + " test rows without their targets, and prints the metrics.",
      "With --coverage the validation rows, or else a fifth to a third of the training rows, are"
          + " predicted and labelled before the test, so that label sets, intervals and probabilities"
          + " are calibrated. The standard error beside the coverage is that of these rows and of the"
          + " test rows.",
      "With --on-generated a first task is trained on the training rows and generates as many, each"
          + " label as often. The task that is tested is trained on the generated rows alone.",
      "Uses the running stack, else starts one and stops it at the end. Without --splits or --test"
          + " a stratified fifth of the rows is the test.",
      "The exit code is 0 only if every test row got a valid answer."
    },
    footer = {
      "  lift eval iris.csv --target class",
      "  lift eval iris.csv --target class --splits splits.json --run 0 --json iris-0.json",
      "  lift eval --images train-images.gz --labels train-labels.gz --crop 18 \\",
      "      --test-images t10k-images.gz --test-labels t10k-labels.gz --template image",
      "  lift eval servo.train.csv --target class --type regression --test servo.test.csv"
    })
public final class EvalCommand implements Callable<Integer> {
  /** All rows are known before the first round, so it may take longer; see {@code --budget}. */
  public static final double BUDGET = 3;

  @Mixin private ConnectionOptions connection;

  @Mixin private EvalDataOptions rows;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "S",
      description = "Seed of the split and of the training (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--on-generated", description = "Train on generated rows, test on real ones.")
  private boolean onGenerated;

  @Option(names = "--json", paramLabel = "OUT", description = "Write the metrics as JSON too.")
  private Path json;

  @Option(names = "--answers", description = "Keep the answer to each test row in the JSON too.")
  private boolean answers;

  @Option(names = "--keep", description = "Leave the stack running for further commands.")
  private boolean keep;

  @Mixin private LanguageOptions language;

  @Mixin private CalibrationOptions calibration;

  @Mixin private LearningOptions learning;

  @Mixin private ServiceOptions services;

  @Override
  public Integer call() throws InterruptedException {
    EvalData all = rows.load(seed, calibration.requestsCoverage());
    TaskProposal inferred = infer(all).withRemarks(all.remarks());
    UsableRows usable = UsableRows.of(inferred.spec(), rows.learned(all));
    EvalData data = usable.data();
    TaskProposal proposal = configured(inferred, data, onGenerated);
    TaskSpec task = proposal.spec();
    requireGenerated(task);
    if (onGenerated && data.train().isEmpty()) {
      throw new CliException("--on-generated needs training rows.");
    }
    Terminal terminal = Terminal.stdout();
    TaskView.print(task, terminal);
    terminal
        .out()
        .printf(
            "%s: %,d training rows, %,d test rows%s.%n",
            data.name(), data.train().size(), data.test().size(), otherRows(data));
    proposal.print(terminal);
    usable.remarks().forEach(remark -> terminal.out().println("Note: " + remark));
    EvalOutcome outcome = evaluate(task, data, terminal);
    EvalReport report =
        EvalReport.of(
            data,
            task.type(),
            rows.run(),
            calibration.requestsCoverage() ? task.calibration().coverage() : null,
            outcome,
            usable.refused(),
            answers);
    report.print(terminal);
    if (json != null) {
      report.writeJson(json);
    }
    if (report.missing() + report.invalid() > 0) {
      throw new CliException(
          "%d test rows got no answer and %d no valid one; see the inference service's log.",
          report.missing(), report.invalid());
    }
    return 0;
  }

  private static String otherRows(EvalData data) {
    if (!data.calibration().isEmpty()) {
      return ", %,d rows for the calibration".formatted(data.calibration().size());
    }
    return data.valid() == 0
        ? ""
        : ", %,d validation rows that are used for neither".formatted(data.valid());
  }

  private EvalOutcome evaluate(TaskSpec task, EvalData data, Terminal terminal)
      throws InterruptedException {
    Optional<RunFile> running = connection.running();
    if (running.isPresent() || connection.given().isPresent()) {
      if (!services.settings().isEmpty()) {
        throw new CliException(
            "--model and --set need a stack of their own; run 'lift down' first.");
      }
      return evaluate(connection.settings(), task, data, () -> false, Optional.of(Home.find()));
    }
    Home home = Home.find();
    if (keep) {
      Path directory = home.stack(RunFile.UP);
      Stack stack =
          Stack.start(
              home,
              new StackOptions(directory, Optional.empty(), 1, true, services.settings()),
              terminal);
      return evaluate(stack.kafka(), task, data, stack::isStopping, Optional.empty());
    }
    try (Workspace workspace = Workspace.claim(home, "eval");
        Stack stack =
            Stack.start(
                home,
                new StackOptions(
                    workspace.directory(), Optional.empty(), 1, false, services.settings()),
                terminal)) {
      return evaluate(stack.kafka(), task, data, stack::isStopping, Optional.empty());
    }
  }

  private EvalOutcome evaluate(
      ConnectionSettings kafka,
      TaskSpec task,
      EvalData data,
      BooleanSupplier stopped,
      Optional<Home> shared)
      throws InterruptedException {
    EvalRun run = new EvalRun(kafka, task, data, Terminal.stderr(), stopped, shared);
    if (!onGenerated) {
      return run.run();
    }
    int count = data.train().size();
    RowGeneration.Outcome generated = run.generate();
    generated.require(count);
    EvalData onGeneratedRows = data.on(generated, task);
    return new EvalRun(
            kafka,
            configured(infer(onGeneratedRows), onGeneratedRows, false).spec(),
            onGeneratedRows,
            Terminal.stderr(),
            stopped,
            shared)
        .run()
        .withRejected(generated.rejectedDrafts() / (double) (generated.rejectedDrafts() + count));
  }

  /** Generated rows have the parts of dates, and no dates as the test rows have. */
  private void requireGenerated(TaskSpec task) {
    if (onGenerated) {
      task.features().stream()
          .filter(column -> column.date() != null)
          .findFirst()
          .ifPresent(
              column -> {
                throw new CliException(
                    "--on-generated cannot use the dates in '%s': leave them out with --without, or"
                        + " read them as text with --column-type.",
                    column.field());
              });
    }
  }

  /**
   * The task of an evaluation. Column statistics come from the training rows alone; the labels are
   * those of all rows.
   */
  private TaskProposal infer(EvalData data) {
    String name =
        "eval-%s-%s"
            .formatted(
                data.name().replaceAll("[^A-Za-z0-9._-]", "_"),
                Long.toString(System.currentTimeMillis(), 36));
    List<Map<String, String>> all = new ArrayList<>(data.train());
    all.addAll(data.calibration());
    all.addAll(data.test());
    return language
        .apply(TaskProposal.infer(name, data.train(), data.target(), data.type(), rows.types()))
        .withLabelsOf(all);
  }

  /**
   * The task with what the options say about its training.
   *
   * @param generating whether the model will generate rows, whatever the options say
   */
  private TaskProposal configured(TaskProposal inferred, EvalData data, boolean generating) {
    TrainingPolicy.Builder training =
        learning
            .policy()
            .window(0)
            .firstRound(Math.max(1, data.train().size()))
            .budget(learning.budget(BUDGET))
            .seed(seed);
    if (generating) {
      training.method(training.build().methodOrPlain().generating());
    }
    return inferred
        .with(training.build())
        .with(data.train().isEmpty() ? BeforeFirstCheckpoint.BASE : BeforeFirstCheckpoint.WAIT)
        .with(calibration.policyWithoutDrift());
  }
}
