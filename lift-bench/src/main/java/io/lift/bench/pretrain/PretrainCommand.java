package io.lift.bench.pretrain;

import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.checkpoint.InvalidModelException;
import io.lift.checkpoint.ModelFolder;
import io.lift.cli.base.CliException;
import io.lift.cli.base.Home;
import io.lift.cli.term.ProgressBar;
import io.lift.cli.term.Terminal;
import io.lift.model.incontext.TransformerShape;
import io.lift.model.incontext.TransformerWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes the model that reads rows in context. */
@Command(
    name = "pretrain",
    mixinStandardHelpOptions = true,
    header = "Pretrains the in-context model, on synthetic tables.",
    description = {
      "Every minute and at the end it writes to DIR: checkpoint.safetensors, from which the same"
          + " command goes on; config.json and model.safetensors, the model as it is then; log.csv"
          + " with the losses; progress.json; and panel.log with the scores on fixed tables. The same seed and steps"
          + " give the same bytes on the same machine, in one go or in several."
    })
public final class PretrainCommand implements Callable<Integer> {
  private static final String CHECKPOINT = "checkpoint.safetensors";
  private static final String PROGRESS = "progress.json";
  private static final String LOG = "log.csv";
  private static final String PANEL = "panel.log";
  private static final int STEPS_PER_LINE = 50;
  private static final int STEPS_PER_PANEL = 1000;
  private static final long SAVE_NANOS = Duration.ofMinutes(1).toNanos();

  @Option(
      names = "--steps",
      defaultValue = "200000",
      description = {
        "Steps in all, those before a restart included; in the last fifth the rates fall",
        "(default ${DEFAULT-VALUE})."
      })
  private long steps;

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where results go.")
  private Path out;

  @Option(
      names = "--from",
      paramLabel = "DIR",
      description = {
        "Begin with the model of another folder and its progress.json, without its optimizer; it",
        "may be of a version with fewer features, e.g. lift-model/src/main/resources/io/lift/model/incontext."
      })
  private Path start;

  @Option(
      names = "--minutes",
      description = "Stop after so many minutes, to go on later (default: after all steps).")
  private Double minutes;

  @Option(
      names = "--device",
      defaultValue = "cpu",
      description = "cpu, gpu, gpu:N or auto (default ${DEFAULT-VALUE}).")
  private String device;

  @Option(
      names = "--threads",
      defaultValue = "1",
      description = "Threads that draw tables (default ${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Seed; a checkpoint keeps its own (default ${DEFAULT-VALUE}).")
  private long seed;

  private final Terminal terminal = Terminal.stdout();
  private Path folder;

  @Override
  public Integer call() throws IOException {
    if (steps < 1 || threads < 1) {
      throw new CliException("--steps and --threads must be at least 1.");
    }
    folder = Home.find().root().resolve(out);
    Files.createDirectories(folder);
    try (Pretraining pretraining = new Pretraining(state(), new Schedule(steps), device, threads)) {
      run(pretraining);
    } catch (InvalidCheckpointException | InvalidModelException e) {
      throw new CliException("%s", e.getMessage());
    }
    return 0;
  }

  private PretrainingState state() throws IOException {
    Path checkpoint = folder.resolve(CHECKPOINT);
    if (Files.exists(checkpoint)) {
      if (start != null) {
        throw new CliException("%s is there already: leave out --from to go on.", checkpoint);
      }
      return PretrainingState.read(TransformerShape.STANDARD, Files.readAllBytes(checkpoint));
    }
    if (start == null) {
      return PretrainingState.initial(TransformerShape.STANDARD, seed);
    }
    Path from = Home.find().root().resolve(start);
    if (!Files.exists(from.resolve(ModelFolder.WEIGHTS))) {
      throw new CliException("There is no %s.", from.resolve(ModelFolder.WEIGHTS));
    }
    TransformerWeights model =
        TransformerWeights.widened(
            Files.readAllBytes(from.resolve(ModelFolder.CONFIG)),
            Files.readAllBytes(from.resolve(ModelFolder.WEIGHTS)));
    Path done = from.resolve(PROGRESS);
    return PretrainingState.of(
        model,
        Files.exists(done)
            ? PretrainingState.Progress.read(Files.readAllBytes(done))
            : new PretrainingState.Progress(seed, 0, 0, 0));
  }

  private void run(Pretraining pretraining) throws IOException {
    long end =
        minutes == null
            ? Long.MAX_VALUE
            : System.nanoTime() + (long) (minutes * 60 * 1_000_000_000L);
    long saved = System.nanoTime();
    ValidationPanel panel = new ValidationPanel();
    LossMeans means = new LossMeans();
    try (ProgressBar bar = new ProgressBar(terminal, "pretrain", "steps", steps)) {
      while (pretraining.step() < steps && System.nanoTime() < end) {
        means.add(pretraining.next());
        long step = pretraining.step();
        bar.set(step, means.note());
        if (step % STEPS_PER_LINE == 0 || step == steps) {
          append(LOG, means.line(step));
          means = new LossMeans();
        }
        if (step % STEPS_PER_PANEL == 0 || step == steps) {
          append(PANEL, step + ": " + panel.line(pretraining::evaluate) + "\n");
        }
        if (System.nanoTime() - saved > SAVE_NANOS) {
          save(pretraining.state());
          saved = System.nanoTime();
        }
      }
    }
    save(pretraining.state());
    String what =
        pretraining.step() == steps
            ? "The model is in %s.%n"
            : "Stopped; the same command goes on in %s.%n";
    terminal.out().printf(what, folder);
  }

  private void append(String file, String line) throws IOException {
    Files.writeString(
        folder.resolve(file), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private void save(PretrainingState state) throws IOException {
    write(CHECKPOINT, state.toBytes());
    write(ModelFolder.CONFIG, state.shape().toBytes());
    write(ModelFolder.WEIGHTS, state.model().toBytes());
    write(PROGRESS, state.progress().toBytes());
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
}
