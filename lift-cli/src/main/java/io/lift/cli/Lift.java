package io.lift.cli;

import io.lift.cli.base.Failures;
import io.lift.cli.base.Version;
import io.lift.cli.checkpoint.CheckpointCommand;
import io.lift.cli.demo.DemoCommand;
import io.lift.cli.eval.EvalCommand;
import io.lift.cli.inspect.DeadLettersCommand;
import io.lift.cli.inspect.EventsCommand;
import io.lift.cli.inspect.LineageCommand;
import io.lift.cli.inspect.TopicsCommand;
import io.lift.cli.inspect.VersionCommand;
import io.lift.cli.rows.GenerateCommand;
import io.lift.cli.rows.PredictCommand;
import io.lift.cli.rows.ProduceCommand;
import io.lift.cli.stack.DownCommand;
import io.lift.cli.stack.StatusCommand;
import io.lift.cli.stack.UpCommand;
import io.lift.cli.task.ReplayCommand;
import io.lift.cli.task.TaskCommand;
import io.lift.cli.term.ClientLogs;
import io.lift.cli.term.Terminal;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The {@code lift} command. */
@Command(
    name = "lift",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    header = "Machine learning on Kafka, in plain language.",
    synopsisHeading = "%n",
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%nParameters:%n",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExample:%n",
    usageHelpAutoWidth = true,
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      DownCommand.class,
      StatusCommand.class,
      TopicsCommand.class,
      TaskCommand.class,
      CheckpointCommand.class,
      LineageCommand.class,
      EventsCommand.class,
      DeadLettersCommand.class,
      ProduceCommand.class,
      PredictCommand.class,
      GenerateCommand.class,
      ReplayCommand.class,
      EvalCommand.class,
      VersionCommand.class
    },
    footer = "  lift demo --rows 3000")
public final class Lift {
  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show stack traces and the warnings of the Kafka clients.")
  private boolean verbose;

  /** Runs one command and returns its exit code: 0, 1 for an error, 2 for wrong usage. */
  public static int run(String... arguments) {
    Lift lift = new Lift();
    CommandLine command = new CommandLine(lift);
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.setExecutionStrategy(
        parsed -> {
          ClientLogs.quieten(lift.verbose);
          return new CommandLine.RunLast().execute(parsed);
        });
    command.setExecutionExceptionHandler((error, where, parsed) -> lift.report(error));
    command.setParameterExceptionHandler(
        (error, given) -> {
          System.err.println("lift: " + error.getMessage());
          System.err.println(
              "Try '" + error.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
          return CommandLine.ExitCode.USAGE;
        });
    if (arguments.length == 0) {
      command.usage(System.out);
      return CommandLine.ExitCode.OK;
    }
    return command.execute(arguments);
  }

  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT); // numbers have the same format everywhere
    System.exit(run(arguments));
  }

  private int report(Exception error) {
    if (verbose) {
      error.printStackTrace();
    }
    Terminal.stderr().clearLine();
    System.err.println("lift: " + Failures.sentence(error));
    return CommandLine.ExitCode.SOFTWARE;
  }
}
