package io.lift.cli.stack;

import io.lift.cli.base.CliException;
import io.lift.cli.base.Home;
import io.lift.cli.kafka.ConnectionSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which Kafka a command talks to: the one given, else that of the running stack. */
public final class ConnectionOptions {
  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      description = "Kafka to use; default: that of the stack that 'lift up' started.")
  private String bootstrap;

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description = "Further Kafka client properties, e.g. for TLS and SASL.")
  private Path kafkaConfig;

  /** What the user gave, or empty. */
  public Optional<ConnectionSettings> given() {
    return bootstrap == null && kafkaConfig == null
        ? Optional.empty()
        : Optional.of(ConnectionSettings.of(bootstrap, kafkaConfig));
  }

  /** The same as another command would be told. */
  public List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    if (bootstrap != null) {
      arguments.addAll(List.of("--bootstrap", bootstrap));
    }
    if (kafkaConfig != null) {
      arguments.addAll(List.of("--kafka-config", kafkaConfig.toString()));
    }
    return arguments;
  }

  /** The running stack, unless the user named another Kafka. */
  public Optional<RunFile> running() {
    return given().isPresent()
        ? Optional.empty()
        : RunFile.read(Home.find().stack(RunFile.UP)).filter(RunFile::isRunning);
  }

  /**
   * @throws CliException if no Kafka is given and no stack runs
   */
  public ConnectionSettings settings() {
    return given()
        .or(() -> running().map(RunFile::kafka))
        .orElseThrow(
            () ->
                new CliException(
                    "No stack is running; start one with 'lift up', or name a Kafka with"
                        + " --bootstrap HOST:PORT."));
  }
}
