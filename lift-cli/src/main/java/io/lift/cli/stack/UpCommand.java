package io.lift.cli.stack;

import io.lift.cli.base.CliException;
import io.lift.cli.base.Home;
import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.term.Terminal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lift up}. */
@Command(
    name = "up",
    header = "Start the stack in the background.",
    description = {
      "Starts the four services, and a Kafka broker unless --bootstrap names one.",
      "Its files are in .lift/up; topics and evaluator state survive 'lift down'."
    },
    footer = {
      "  lift up",
      "  lift up --trainers 2",
      "  lift up --model ../models/smollm2-135m",
      "  lift up --bootstrap kafka.example.org:9093 --kafka-config tls.properties"
    })
public final class UpCommand implements Callable<Integer> {
  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      description = "Use this Kafka instead of an embedded broker.")
  private String bootstrap;

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description = "Further Kafka client properties, e.g. for TLS and SASL.")
  private Path kafkaConfig;

  @Option(
      names = "--trainers",
      paramLabel = "N",
      defaultValue = "1",
      description = "Trainer processes; tasks are spread over them (default: ${DEFAULT-VALUE}).")
  private int trainers;

  @Mixin private ServiceOptions services;

  @Override
  public Integer call() throws InterruptedException {
    if (trainers < 1) {
      throw new CliException("--trainers must be at least 1.");
    }
    Terminal terminal = Terminal.stdout();
    Home home = Home.find();
    Optional<RunFile> running = RunFile.read(home.stack(RunFile.UP)).filter(RunFile::isRunning);
    if (running.isPresent()) {
      boolean whole = running.get().processes().stream().allMatch(StackProcess::isAlive);
      if (!whole) {
        throw new CliException(
            "A part of the stack has died; see 'lift status', then 'lift down' and 'lift up'.");
      }
      terminal
          .out()
          .println(
              "Already running: Kafka at "
                  + running.get().bootstrap()
                  + ", live page at "
                  + running.get().page());
      return 0;
    }
    Optional<ConnectionSettings> kafka =
        bootstrap == null && kafkaConfig == null
            ? Optional.empty()
            : Optional.of(ConnectionSettings.of(bootstrap, kafkaConfig));
    StackOptions options =
        new StackOptions(home.stack(RunFile.UP), kafka, trainers, true, services.settings());
    Stack.start(home, options, terminal);
    terminal
        .out()
        .println("Next: open the page, or lift task create NAME --from FILE.csv --target COLUMN");
    return 0;
  }
}
