package io.lift.bench.model;

import io.lift.bench.measure.BusyNeighbour;
import io.lift.bench.measure.PairedTrials;
import io.lift.bench.measure.ResidentMemory;
import io.lift.cli.base.CliException;
import io.lift.cli.base.Home;
import io.lift.cli.stack.Workspace;
import io.lift.cli.term.Terminal;
import io.lift.model.BaseModel;
import io.lift.testing.RandomModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The language model alone: training and scoring beside Python on the same weights and rows, as a
 * share of what the machine's products could be at best, and memory that must not grow.
 */
@Command(
    name = "model",
    mixinStandardHelpOptions = true,
    header = "Training tokens/s and scored rows/s beside PyTorch in Python; memory over time.")
public final class ModelCommand implements Callable<Integer> {
  private static final RandomModelFolder.Size TINY =
      new RandomModelFolder.Size("gpt2", 2000, 128, 4, 4, 4, 512);

  /** Beyond so many steps, differences of the last bit have grown large enough to be seen. */
  private static final int SAME_STEPS = 20;

  @Option(
      names = "--quick",
      description = "A small model and few steps: whether it runs, not how fast.")
  private boolean quick;

  /** What is measured. */
  enum Shape {
    EMBEDDED,
    GPT2
  }

  @Option(
      names = "--shape",
      split = ",",
      defaultValue = "EMBEDDED,GPT2",
      description = "${COMPLETION-CANDIDATES} (default: both).")
  private List<Shape> shapes;

  @Option(
      names = "--neighbour",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Measure both sides beside N busy threads of other processes (default"
              + " ${DEFAULT-VALUE}).")
  private int neighbours;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the results as JSON too.")
  private Path json;

  @Mixin private PythonOptions python;

  private final ModelReport report = new ModelReport();

  private final Terminal terminal = Terminal.stdout();
  private boolean peer;

  @Override
  public Integer call() throws IOException, InterruptedException {
    peer = ModelPeer.exists(python.executable);
    if (!peer) {
      terminal
          .out()
          .printf(
              "No torch in %s: there is nothing to compare with; install python3-torch.%n",
              python.executable);
    }
    boolean flat = true;
    try (Workspace workspace = Workspace.claim(Home.find(), "bench-model")) {
      Path tmp = Files.createDirectories(workspace.directory().resolve("tmp"));
      try (BusyNeighbour neighbour = new BusyNeighbour(neighbours, tmp.resolve("busy.log"))) {
        if (shapes.contains(Shape.EMBEDDED)) {
          flat &= embedded(tmp);
        }
        if (shapes.contains(Shape.GPT2)) {
          flat &= gpt2(tmp);
        }
      }
    }
    if (json != null) {
      report.write(json, neighbours);
    }
    return flat ? 0 : 1;
  }

  /** Trained whole. */
  private boolean embedded(Path tmp) throws IOException, InterruptedException {
    try (BaseModel base = BaseModel.open(null, "cpu");
        ModelTrial trial = new ModelTrial(base, 32, quick ? 512 : 4096)) {
      terminal
          .out()
          .printf("%n# embedded model, %,d parameters, trained whole%n", base.parameters());
      Path folder = Files.createDirectories(tmp.resolve("embedded"));
      trial.write(folder, folder);
      measure(base, trial, folder, null, 1, quick ? 20 : 300);
      return flat(trial, quick ? 300 : 10_000, quick ? 5_000 : 100_000);
    }
  }

  /** Trained through adapters. */
  private boolean gpt2(Path tmp) throws IOException, InterruptedException {
    Path model = tmp.resolve("gpt2");
    RandomModelFolder.Size size = quick ? TINY : RandomModelFolder.Size.gpt2Small();
    RandomModelFolder.write(model, size, 1, 1);
    int cores = Runtime.getRuntime().availableProcessors();
    try (BaseModel base = BaseModel.open(model.toString(), "cpu");
        ModelTrial trial = new ModelTrial(base, 8, quick ? 32 : 128)) {
      terminal
          .out()
          .printf("%n# GPT-2's shape, %,d parameters, adapters of rank 16%n", base.parameters());
      Path adapter = tmp.resolve("adapter");
      trial.write(adapter, model);
      measure(base, trial, model, adapter, cores, quick ? 2 : 5);
      return flat(trial, quick ? 20 : 200, quick ? 200 : 2_000);
    }
  }

  private void measure(
      BaseModel base, ModelTrial ours, Path folder, Path adapter, int threads, int steps)
      throws IOException, InterruptedException {
    terminal
        .out()
        .printf(
            "rows of %.0f tokens, %d threads, products at best %.1f GFLOP/s%n",
            ours.tokensPerRow(), threads, ModelTrial.peak(base));
    if (!peer) {
      alone(base, ours, steps);
      return;
    }
    OpenBlasKernel kernel = OpenBlasKernel.fastest(python.executable, threads);
    kernel
        .gigaflops()
        .forEach(
            (setting, speed) ->
                terminal
                    .out()
                    .printf(
                        "  Python's products with OPENBLAS_CORETYPE %s: %.1f GFLOP/s%n",
                        setting.isEmpty() ? "unset" : setting, speed));
    terminal.out().printf("Python runs with %s%n", kernel.title());
    report.begin(base, ours, threads, kernel, ModelTrial.peak(base));
    try (ModelPeer plain =
            new ModelPeer(python.executable, kernel, folder, adapter, threads, false);
        ModelPeer lean = new ModelPeer(python.executable, kernel, folder, adapter, threads, true)) {
      check(ours, plain);
      train(base, ours, plain, lean, steps);
      score(ours, plain);
    }
  }

  private void train(BaseModel base, ModelTrial ours, ModelPeer plain, ModelPeer lean, int steps)
      throws IOException {
    int compared = Math.min(steps, SAME_STEPS);
    double first = ours.train(compared).check();
    double same = plain.train(compared).check();
    lean.train(compared);
    terminal
        .out()
        .printf(
            "loss after %d steps from the same start: %.4f, Python %.4f%n", compared, first, same);
    if (!(Math.abs(first - same) < 0.02 * Math.abs(same))) {
      throw new CliException("The two do not compute the same: nothing to compare.");
    }
    ours.train(steps); // warm-up
    plain.train(steps);
    lean.train(steps);
    PairedTrials usual = new PairedTrials("training tokens/s", "lift-model", "PyTorch, all logits");
    PairedTrials logitsAsOurs =
        new PairedTrials("training tokens/s", "lift-model", "PyTorch, logits as ours");
    double peak = 0;
    for (int t = 0; t < python.trials; t++) {
      double speed = ours.train(steps).speed();
      usual.add(speed, plain.train(steps).speed());
      logitsAsOurs.add(speed, lean.train(steps).speed());
      peak = Math.max(peak, ModelTrial.peak(base));
    }
    usual.print(terminal);
    logitsAsOurs.print(terminal);
    report.add("training, all logits", usual);
    report.add("training, logits as ours", logitsAsOurs);
    share(ours, usual.medianOfOurs(), peak);
  }

  /** Before any training both must answer the same. */
  private void check(ModelTrial ours, ModelPeer plain) throws IOException {
    double first = ours.score().check();
    double same = plain.score().check();
    double cached = plain.scoreCached().check();
    terminal.out().printf("first row's first label: probability %.4f, Python %.4f%n", first, same);
    if (!(Math.abs(first - same) < 0.01 && Math.abs(first - cached) < 0.01)) {
      throw new CliException("The two do not answer the same: nothing to compare.");
    }
  }

  private void score(ModelTrial ours, ModelPeer plain) throws IOException {
    PairedTrials cached = new PairedTrials("scored rows/s", "lift-model", "PyTorch, cached prompt");
    PairedTrials apart = new PairedTrials("scored rows/s", "lift-model", "PyTorch, labels apart");
    for (int t = 0; t < python.trials; t++) {
      double speed = ours.score().speed();
      cached.add(speed, plain.scoreCached().speed());
      apart.add(speed, plain.score().speed());
    }
    cached.print(terminal);
    apart.print(terminal);
    report.add("scoring, cached prompt", cached);
    report.add("scoring, labels apart", apart);
  }

  private void alone(BaseModel base, ModelTrial ours, int steps) {
    ours.train(steps);
    double speed = 0;
    for (int t = 0; t < python.trials; t++) {
      speed = Math.max(speed, ours.train(steps).speed());
    }
    terminal.out().printf("training: best of %d, %,.0f tokens/s%n", python.trials, speed);
    share(ours, speed, ModelTrial.peak(base));
    ours.score();
    terminal.out().printf("scoring: %,.0f rows/s%n", ours.score().speed());
  }

  private void share(ModelTrial ours, double speed, double peak) {
    double reached = speed * ours.flopsPerToken() / 1e9;
    terminal
        .out()
        .printf(
            "training computes %.1f GFLOP/s in products with weights: %.0f %% of the best%n",
            reached, 100 * reached / peak);
  }

  /** Whether memory stays within 2 % after the first tenth. */
  private boolean flat(ModelTrial trial, int steps, int rows) {
    trial.train(steps / 10);
    long before = ResidentMemory.now();
    trial.train(steps);
    long after = ResidentMemory.now();
    boolean training = report("%,d training steps".formatted(steps), before, after);
    score(trial, rows / 10);
    before = ResidentMemory.now();
    score(trial, rows);
    after = ResidentMemory.now();
    return training & report("%,d scored rows".formatted(rows), before, after);
  }

  private static void score(ModelTrial trial, int rows) {
    for (int scored = 0; scored < rows; scored += trial.rows()) {
      trial.score();
    }
  }

  private boolean report(String over, long before, long after) {
    double change = 100.0 * (after - before) / before;
    terminal
        .out()
        .printf(
            "memory over %s: %.0f MiB, then %.0f MiB (%+.1f %%)%n",
            over, before / 1048576.0, after / 1048576.0, change);
    return change <= 2;
  }
}
