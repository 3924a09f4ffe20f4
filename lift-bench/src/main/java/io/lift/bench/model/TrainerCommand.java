package io.lift.bench.model;

import io.lift.bench.measure.PairedTrials;
import io.lift.bench.stream.LoanExamples;
import io.lift.checkpoint.published.DecoderConfig;
import io.lift.cli.base.CliException;
import io.lift.cli.term.Terminal;
import io.lift.core.prompt.Example;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.BaseModel;
import io.lift.model.FineTuning;
import io.lift.model.RoundReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Training tokens per second beside the same decoder in Python's PyTorch, in turn. */
@Command(
    name = "trainer",
    mixinStandardHelpOptions = true,
    header = "Training tokens/s beside the same model in Python's PyTorch.")
public final class TrainerCommand implements Callable<Integer> {
  private static final int BATCH = 32;

  @Option(
      names = "--steps",
      defaultValue = "300",
      description = "Steps of one trial (default ${DEFAULT-VALUE}).")
  private int steps;

  @Mixin private PythonOptions python;

  @Override
  public Integer call() throws Exception {
    Terminal terminal = Terminal.stdout();
    LoanExamples loans = new LoanExamples("loans");
    List<Example> examples = loans.examples(BATCH * steps);
    TaskLanguage language = loans.language();
    TrainingPolicy policy =
        TrainingPolicy.builder().epochs(1.0).maxSteps(steps).members(1).build(); // one pass
    int cores = Runtime.getRuntime().availableProcessors();
    try (BaseModel base = BaseModel.embedded();
        FineTuning tuning = FineTuning.start(base, language, policy)) {
      // the first round is longer by design and warms the engine up
      RoundReport first = tuning.round(examples, List.of(), (step, of, loss) -> true);
      int tokensPerRow = Math.toIntExact(first.tokens() / ((long) first.steps() * BATCH));
      Path script = script();
      terminal.out().printf("rows of %d tokens, batch %d%n", tokensPerRow, BATCH);
      // for arrays this small, more threads are not always faster: Python may choose
      for (int threads : cores > 1 ? new int[] {1, cores} : new int[] {1}) {
        PairedTrials speeds =
            new PairedTrials("tokens/s", "lift-model", "PyTorch, %d threads".formatted(threads));
        Process peer = startPeer(base, language, script, tokensPerRow, threads);
        try (PrintStream requests = new PrintStream(peer.getOutputStream(), true);
            BufferedReader answers =
                new BufferedReader(new InputStreamReader(peer.getInputStream()))) {
          request(requests, answers); // warm-up
          for (int trial = 0; trial < python.trials; trial++) {
            RoundReport round = tuning.round(examples, List.of(), (step, of, loss) -> true);
            speeds.add(round.tokens() / round.seconds(), request(requests, answers));
          }
        } finally {
          peer.destroyForcibly();
        }
        speeds.print(terminal);
      }
      Files.delete(script);
    }
    return 0;
  }

  private static double request(PrintStream requests, BufferedReader answers) throws IOException {
    requests.println("go");
    String answer = answers.readLine();
    if (answer == null) {
      throw new CliException("Python ended early: it needs torch (apt-get install python3-torch).");
    }
    return Double.parseDouble(answer);
  }

  private Process startPeer(
      BaseModel base, TaskLanguage language, Path script, int tokensPerRow, int threads)
      throws IOException {
    DecoderConfig shape = base.config();
    return PythonProcess.of(
            List.of(
                python.executable.toString(),
                script.toString(),
                Integer.toString(base.taskEncoder(language).vocabulary()),
                Integer.toString(base.taskEncoder(language).answers()),
                Integer.toString(tokensPerRow),
                Integer.toString(BATCH),
                Integer.toString(steps),
                Integer.toString(threads),
                Integer.toString(shape.hiddenSize()),
                Integer.toString(shape.intermediateSize()),
                Integer.toString(shape.layers()),
                Integer.toString(shape.heads()),
                Double.toString(shape.normEps()),
                Double.toString(shape.rotary().theta())))
        .start();
  }

  private static Path script() throws IOException {
    Path file = Files.createTempFile("trainer_peer", ".py");
    try (InputStream in = TrainerCommand.class.getResourceAsStream("trainer_peer.py")) {
      Files.writeString(file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    return file;
  }
}
