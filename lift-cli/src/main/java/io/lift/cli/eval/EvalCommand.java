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
import io.lift.cli.table.CsvFile;
import io.lift.cli.table.ImageOptions;
import io.lift.cli.table.TargetOptions;
import io.lift.cli.task.CalibrationOptions;
import io.lift.cli.task.LanguageOptions;
import io.lift.cli.task.LearningOptions;
import io.lift.cli.task.TaskProposal;
import io.lift.cli.term.Terminal;
import io.lift.core.calibration.Calibrator;
import io.lift.core.table.RowTable;
import io.lift.core.table.Splits;
import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.core.task.TrainingPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lift eval}. */
@Command(
    name = "eval",
    header = "Train on one part of a table, test on the other, through Kafka.",
    description = {
      "Sends the training rows, waits for the checkpoint that has learnt them all, asks for the"
          + " test rows without their targets, and prints the metrics.",
      "With --coverage the validation rows, or else a fifth of the training rows, are asked for and"
          + " labelled before the test, so that label sets, intervals and probabilities are"
          + " calibrated.",
      "With --on-generated a first task learns the training rows and generates as many, each label"
          + " as often; the task that is tested learns those alone.",
      "Uses the running stack, else starts one for the time being. Without --splits or --test a"
          + " stratified fifth of the rows is the test.",
      "Exit code 0 only if every test row was answered."
    },
    footer = {
      "  lift eval iris.csv --target class",
      "  lift eval iris.csv --target class --splits splits.json --run 0 --json iris-0.json",
      "  lift eval --images train-images.gz --labels train-labels.gz --crop 18 \\",
      "      --test-images t10k-images.gz --test-labels t10k-labels.gz --template image",
      "  lift eval servo.train.csv --target class --type regression --test servo.test.csv"
    })
public final class EvalCommand implements Callable<Integer> {
  private static final double TEST_SHARE = 0.2;

  /** All rows are known before the first round, so it may take its time; see {@code --budget}. */
  public static final double BUDGET = 3;

  @Mixin private ConnectionOptions connection;

  @Parameters(arity = "0..1", paramLabel = "FILE.csv", description = "A CSV file with a header.")
  private String file;

  @Mixin private ImageOptions images;

  @Option(
      names = "--test-images",
      paramLabel = "FILE",
      description = "The test rows of --images, which then all train.")
  private Path testImages;

  @Option(names = "--test-labels", paramLabel = "FILE", description = "Their labels.")
  private Path testLabels;

  @Mixin private TargetOptions predicted;

  @Option(
      names = "--splits",
      paramLabel = "FILE",
      description = "JSON with the published split of each set, by file name without .csv.")
  private Path splits;

  @Option(
      names = "--run",
      paramLabel = "I",
      description = "Which validation set of --splits is left out, from 0.")
  private Integer run;

  @Option(
      names = "--test",
      paramLabel = "FILE.csv",
      description = "The test rows; FILE.csv all trains.")
  private String test;

  @Option(
      names = "--valid",
      paramLabel = "FILE.csv",
      description = "Validation rows: counted, neither trained on nor tested.")
  private String valid;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "S",
      description = "Seed of the split and of the training (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--on-generated",
      description = "Train on rows that were generated from the training rows, test on real ones.")
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

  private String target; // the column's name, once it is known

  @Override
  public Integer call() throws InterruptedException {
    EvalData data = load();
    TaskProposal proposal = task(data, onGenerated);
    TaskSpec task = proposal.spec();
    Terminal terminal = Terminal.stdout();
    terminal
        .out()
        .printf(
            "%s: %,d training rows, %,d test rows%s.%n",
            data.name(), data.train().size(), data.test().size(), others(data));
    proposal.print(terminal);
    EvalReport report =
        EvalReport.of(data, task.type(), run, evaluate(task, data, terminal), answers);
    report.print(terminal);
    if (json != null) {
      report.writeJson(json);
    }
    if (report.missing() + report.invalid() > 0) {
      throw new CliException(
          "%d test rows were not answered and %d not validly.", report.missing(), report.invalid());
    }
    return 0;
  }

  private static String others(EvalData data) {
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
            "--model and --set are for a stack of its own; this one runs already.");
      }
      return evaluate(connection.settings(), task, data, () -> false);
    }
    Home home = Home.find();
    if (keep) {
      Path directory = home.stack(RunFile.UP);
      Stack stack =
          Stack.start(
              home,
              new StackOptions(directory, Optional.empty(), 1, true, services.settings()),
              terminal);
      return evaluate(stack.kafka(), task, data, stack::isStopping);
    }
    try (Workspace workspace = Workspace.claim(home, "eval");
        Stack stack =
            Stack.start(
                home,
                new StackOptions(
                    workspace.directory(), Optional.empty(), 1, false, services.settings()),
                terminal)) {
      return evaluate(stack.kafka(), task, data, stack::isStopping);
    }
  }

  private EvalOutcome evaluate(
      ConnectionSettings kafka, TaskSpec task, EvalData data, BooleanSupplier stopped)
      throws InterruptedException {
    EvalRun run = new EvalRun(kafka, task, data, Terminal.stderr(), stopped);
    if (!onGenerated) {
      return run.run();
    }
    int count = data.train().size();
    RowGeneration.Outcome generated = run.generate();
    generated.mustHave(count);
    EvalData onThem = data.on(generated, task.type());
    return new EvalRun(kafka, task(onThem, false).spec(), onThem, Terminal.stderr(), stopped)
        .run()
        .withRefused(generated.refused() / (double) (generated.refused() + count));
  }

  private EvalData load() {
    if (splits != null && test != null) {
      throw new CliException("Give either --splits or --test.");
    }
    if ((testImages == null) != (testLabels == null) || (testImages != null && !images.given())) {
      throw new CliException("--test-images and --test-labels belong together, and to --images.");
    }
    if (testImages != null && (splits != null || test != null)) {
      throw new CliException("Give one of --splits, --test and --test-images.");
    }
    if (run != null && splits == null) {
      throw new CliException("--run needs --splits.");
    }
    target = images.target(predicted);
    List<Map<String, String>> rows = labelled(images.open(file), "the training table");
    String name = images.name(file).replaceAll("\\.train$", "");
    List<Map<String, String>> others = new ArrayList<>();
    if (valid != null) {
      others.addAll(labelled(valid));
    }
    if (test != null) {
      return data(name, rows, labelled(test), others);
    }
    if (testImages != null) {
      return data(name, rows, labelled(images.open(testImages, testLabels), "the test"), others);
    }
    Splits split = split(name, rows);
    others.addAll(pick(rows, split.valid()));
    return data(name, pick(rows, split.train()), pick(rows, split.test()), others);
  }

  private Splits split(String name, List<Map<String, String>> rows) {
    if (splits != null) {
      try {
        return Splits.read(splits, name, run == null ? 0 : run, rows.size());
      } catch (IOException e) {
        throw new CliException(e, "Cannot read the splits of " + splits + ".");
      } catch (IllegalArgumentException e) {
        throw new CliException(e, e.getMessage() + ".");
      }
    }
    return fifth(rows);
  }

  private Splits fifth(List<Map<String, String>> rows) {
    TaskType asked = predicted.type();
    if (asked == null) {
      asked = TaskProposal.infer("split", rows, target, null, List.of()).type();
    }
    return asked == TaskType.REGRESSION
        ? Splits.random(rows.size(), TEST_SHARE, seed)
        : Splits.stratified(rows.stream().map(row -> row.get(target)).toList(), TEST_SHARE, seed);
  }

  private EvalData data(
      String name,
      List<Map<String, String>> train,
      List<Map<String, String>> tests,
      List<Map<String, String>> others) {
    List<Map<String, String>> usedTrain = withTarget(train);
    List<Map<String, String>> usedTest = withTarget(tests);
    if (usedTrain.isEmpty() || usedTest.isEmpty()) {
      throw new CliException("%s leaves no rows to train or to test.", name);
    }
    if (!calibration.asksForCoverage()) {
      return new EvalData(
          name, target, predicted.type(), usedTrain, usedTest, List.of(), others.size());
    }
    List<Map<String, String>> teaching = withTarget(others);
    if (teaching.isEmpty()) {
      Splits held = fifth(usedTrain);
      teaching = pick(usedTrain, held.test());
      usedTrain = pick(usedTrain, held.train());
    }
    if (teaching.size() < Calibrator.WARM_UP) {
      throw new CliException(
          "--coverage needs at least %d rows to calibrate on, there are %d.",
          Calibrator.WARM_UP, teaching.size());
    }
    // a file may be sorted, and the newest answers decide
    List<Map<String, String>> mixed = new ArrayList<>(teaching);
    Collections.shuffle(mixed, new Random(seed));
    return new EvalData(name, target, predicted.type(), usedTrain, usedTest, mixed, 0);
  }

  private List<Map<String, String>> labelled(String path) {
    return labelled(CsvFile.open(path), path);
  }

  private List<Map<String, String>> labelled(RowTable table, String path) {
    List<Map<String, String>> rows = CsvFile.readAll(table);
    if (rows.isEmpty()) {
      throw new CliException("%s has no rows.", path);
    }
    if (!rows.get(0).containsKey(target)) {
      throw new CliException(
          "%s has no column '%s'; it has %s.",
          path, target, String.join(", ", rows.get(0).keySet()));
    }
    return rows;
  }

  private List<Map<String, String>> withTarget(List<Map<String, String>> rows) {
    return rows.stream().filter(row -> !row.get(target).isBlank()).toList();
  }

  private static List<Map<String, String>> pick(List<Map<String, String>> rows, int[] numbers) {
    return Arrays.stream(numbers).mapToObj(rows::get).toList();
  }

  /**
   * Statistics come from the training rows alone; labels are known to whoever asks.
   *
   * @param generating whether rows will be asked for, whatever the options say
   */
  private TaskProposal task(EvalData data, boolean generating) {
    String name =
        "eval-%s-%s"
            .formatted(
                data.name().replaceAll("[^A-Za-z0-9._-]", "_"),
                Long.toString(System.currentTimeMillis(), 36));
    List<Map<String, String>> all = new ArrayList<>(data.train());
    all.addAll(data.calibration());
    all.addAll(data.test());
    TrainingPolicy.Builder training =
        learning
            .policy()
            .window(0)
            .firstRound(data.train().size())
            .budget(learning.budget(BUDGET))
            .seed(seed);
    if (generating) {
      training.method(training.build().methodOrPlain().generating());
    }
    return language
        .apply(TaskProposal.infer(name, data.train(), target, data.type(), predicted.without()))
        .withLabelsOf(all)
        .with(training.build())
        .with(BeforeFirstCheckpoint.WAIT)
        .with(calibration.policy());
  }
}
