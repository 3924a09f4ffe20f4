package io.lift.cli.stack;

import io.lift.cli.base.Home;
import io.lift.cli.term.Terminal;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code lift down}. */
@Command(
    name = "down",
    header = "Stop the stack that 'lift up' started.",
    description = "Topics and evaluator state stay in .lift/up for the next 'lift up'.",
    footer = "  lift down")
public final class DownCommand implements Callable<Integer> {

  @Override
  public Integer call() {
    Terminal terminal = Terminal.stdout();
    Optional<RunFile> run = RunFile.read(Home.find().stack(RunFile.UP));
    if (run.isEmpty()) {
      terminal.out().println("Nothing is running.");
      return 0;
    }
    long alive = run.get().processes().stream().filter(StackProcess::isAlive).count();
    Stack.stop(run.get());
    terminal.out().println("Stopped " + alive + (alive == 1 ? " process." : " processes."));
    return 0;
  }
}
