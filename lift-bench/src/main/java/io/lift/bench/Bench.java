package io.lift.bench;

import io.lift.bench.audit.ChaosCommand;
import io.lift.bench.audit.MalformedCommand;
import io.lift.bench.audit.SoakCommand;
import io.lift.bench.explain.ExplainCommand;
import io.lift.bench.load.InferenceCommand;
import io.lift.bench.load.SerializerCommand;
import io.lift.bench.model.ModelCommand;
import io.lift.bench.model.PublishedCommand;
import io.lift.bench.model.TrainerCommand;
import io.lift.bench.paper.PaperCommand;
import io.lift.bench.paper.TableCommand;
import io.lift.bench.prequential.StreamCommand;
import io.lift.bench.prequential.TasksCommand;
import io.lift.bench.pretrain.FewRowsCommand;
import io.lift.bench.pretrain.PretrainCommand;
import io.lift.bench.scale.ScaleCommand;
import io.lift.cli.base.CliException;
import io.lift.cli.term.ClientLogs;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The benchmarks. Each speed is measured beside a peer in the same run. */
@Command(
    name = "lift bench",
    mixinStandardHelpOptions = true,
    header =
        "Measure speed beside a plain peer, test the delivery guarantees, run the paper's"
            + " experiments.",
    subcommands = {
      ChaosCommand.class,
      MalformedCommand.class,
      SoakCommand.class,
      SerializerCommand.class,
      InferenceCommand.class,
      TrainerCommand.class,
      ModelCommand.class,
      PublishedCommand.class,
      TableCommand.class,
      PaperCommand.class,
      StreamCommand.class,
      TasksCommand.class,
      ExplainCommand.class,
      ScaleCommand.class,
      PretrainCommand.class,
      FewRowsCommand.class
    })
public final class Bench {
  private Bench() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs one command and returns its exit code. */
  public static int run(String... arguments) {
    ClientLogs.quieten(false);
    CommandLine command = new CommandLine(new Bench());
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.setExecutionExceptionHandler(
        (error, where, parsed) -> {
          if (!(error instanceof CliException)) {
            error.printStackTrace();
          }
          System.err.println("lift bench: " + error.getMessage());
          return CommandLine.ExitCode.SOFTWARE;
        });
    return command.execute(arguments);
  }
}
