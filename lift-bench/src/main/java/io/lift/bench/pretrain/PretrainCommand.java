package io.lift.bench.pretrain;

import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.checkpoint.InvalidModelException;
import io.lift.checkpoint.ModelFolder;
import io.lift.cli.base.CliException;
import io.lift.cli.base.Home;
import io.lift.cli.term.ProgressBar;
import io.lift.cli.term.Terminal;
import io.lift.model.incontext.InContextNetwork;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes the model that reads rows in context. */
@Command(
    name = "pretrain",
    mixinStandardHelpOptions = true,
    header = "Pretrains a model that reads rows in context, on synthetic tables.",
    description = {
      "Every two minutes and at the end it writes to DIR: checkpoint.safetensors, from which --resume"
          + " goes on; config.json and model.safetensors, the model as it is then; and log.csv. The"
          + " same seed and steps give the same bytes on the same machine, in one go or in several."
    })
public final class PretrainCommand implements Callable<Integer> {
  private static final String CHECKPOINT = "checkpoint.safetensors";
  private static final String LOG = "log.csv";
  private static final int STEPS_PER_LINE = 100;
  private static final long SAVE_NANOS = Duration.ofMinutes(2).toNanos();

  @Option(
      names = "--steps",
      required = true,
      description = "Steps in all, those before --resume included.")
  private long steps;

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where results go.")
  private Path out;

  @Option(names = "--resume", description = "Go on from DIR's checkpoint, with its seed.")
  private boolean resume;

  @Option(
      names = "--minutes",
      description = "Stop after so many minutes, to be resumed (default: after all steps).")
  private Double minutes;

  @Option(
      names = "--device",
      defaultValue = "cpu",
      description = "cpu, gpu, gpu:N or auto (default ${DEFAULT-VALUE}).")
  private String device;

  @Option(names = "--seed", defaultValue = "1", description = "Seed (default ${DEFAULT-VALUE}).")
  private long seed;

  private final Terminal terminal = Terminal.stdout();
  private Path folder;

  @Override
  public Integer call() throws IOException {
    if (steps < 1) {
      throw new CliException("--steps must be at least 1, not %d.", steps);
    }
    folder = Home.find().root().resolve(out);
    Path checkpoint = folder.resolve(CHECKPOINT);
    if (!resume && Files.exists(checkpoint)) {
      throw new CliException(
          "%s is there already: go on with --resume, or choose another --out.", checkpoint);
    }
    if (resume && !Files.exists(checkpoint)) {
      throw new CliException("There is no %s to resume from.", checkpoint);
    }
    Files.createDirectories(folder);
    try (Pretraining pretraining = open(checkpoint)) {
      run(pretraining);
    } catch (InvalidCheckpointException | InvalidModelException e) {
      throw new CliException("%s", e.getMessage());
    }
    return 0;
  }

  private Pretraining open(Path checkpoint) throws IOException {
    PretrainingRecipe recipe = new PretrainingRecipe(steps, PretrainingRecipe.ROWS, seed);
    return resume
        ? Pretraining.resume(recipe, Files.readAllBytes(checkpoint), device)
        : Pretraining.start(recipe, device);
  }

  private void run(Pretraining pretraining) throws IOException {
    long end =
        minutes == null
            ? Long.MAX_VALUE
            : System.nanoTime() + (long) (minutes * 60 * 1_000_000_000L);
    long saved = System.nanoTime();
    RunningMeans means = new RunningMeans();
    try (ProgressBar bar = new ProgressBar(terminal, "pretrain", "steps", steps)) {
      while (pretraining.step() < steps && System.nanoTime() < end) {
        means.add(pretraining.next());
        if (pretraining.step() % STEPS_PER_LINE == 0 || pretraining.step() == steps) {
          Files.writeString(
              folder.resolve(LOG),
              means.line(pretraining.step()),
              StandardOpenOption.CREATE,
              StandardOpenOption.APPEND);
          means = new RunningMeans();
        }
        bar.set(pretraining.step(), means.note());
        if (System.nanoTime() - saved > SAVE_NANOS) {
          save(pretraining);
          saved = System.nanoTime();
        }
      }
    }
    save(pretraining);
    if (pretraining.step() == steps) {
      terminal.out().printf("The model is in %s.%n", folder);
    } else {
      terminal
          .out()
          .printf("Stopped after %,d of %,d steps; --resume goes on.%n", pretraining.step(), steps);
    }
  }

  private void save(Pretraining pretraining) throws IOException {
    write(CHECKPOINT, pretraining.checkpoint());
    write(ModelFolder.CONFIG, InContextNetwork.CONFIG_JSON.getBytes(StandardCharsets.UTF_8));
    write(ModelFolder.WEIGHTS, pretraining.model().toBytes());
  }

  /** All of a file or none of it. */
  private void write(String name, byte[] bytes) throws IOException {
    Path part = folder.resolve(name + ".part");
    Files.write(part, bytes);
    Files.move(
        part,
        folder.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Means over the steps of one line of the log. */
  private static final class RunningMeans {
    private final long started = System.nanoTime();
    private double loss;
    private double accuracy;
    private double commonest;
    private long rows;
    private int skipped;
    private int steps;

    void add(Pretraining.Report report) {
      if (report.applied()) {
        loss += report.loss();
      } else {
        skipped++;
      }
      accuracy += report.accuracy();
      commonest += report.commonest();
      rows += report.rows();
      steps++;
    }

    String note() {
      int applied = Math.max(1, steps - skipped);
      return steps == 0
          ? ""
          : "loss %.3f, %.1f %% right, commonest label %.1f %%"
              .formatted(loss / applied, 100 * accuracy / steps, 100 * commonest / steps);
    }

    /** step,loss,accuracy,commonest,rows/s,skipped. */
    String line(long step) {
      double seconds = (System.nanoTime() - started) / 1e9;
      return String.format(
          Locale.ROOT,
          "%d,%.4f,%.4f,%.4f,%.0f,%d%n",
          step,
          loss / Math.max(1, steps - skipped),
          accuracy / steps,
          commonest / steps,
          rows / seconds,
          skipped);
    }
  }
}
