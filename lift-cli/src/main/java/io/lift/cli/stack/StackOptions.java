package io.lift.cli.stack;

import io.lift.cli.kafka.ConnectionSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How a stack is started.
 *
 * @param directory where its files go
 * @param kafka an existing Kafka, or empty for an embedded broker
 * @param trainers how many trainer processes
 * @param background whether it goes on when this process ends
 * @param settings further settings of the services, e.g. {@code lift.model.path}
 * @param optimizing whether all services have the optimizing compiler on few cores too, which pays
 *     where throughput counts and minutes of warming up do not
 */
public record StackOptions(
    Path directory,
    Optional<ConnectionSettings> kafka,
    int trainers,
    boolean background,
    Map<String, String> settings,
    boolean optimizing) {

  public StackOptions {
    settings = Map.copyOf(settings);
  }

  /** A stack of services as they are by default. */
  public StackOptions(
      Path directory, Optional<ConnectionSettings> kafka, int trainers, boolean background) {
    this(directory, kafka, trainers, background, Map.of());
  }

  /** A stack with further settings of the services. */
  public StackOptions(
      Path directory,
      Optional<ConnectionSettings> kafka,
      int trainers,
      boolean background,
      Map<String, String> settings) {
    this(directory, kafka, trainers, background, settings, false);
  }

  /** The same with the optimizing compiler in all services. */
  public StackOptions optimized() {
    return new StackOptions(directory, kafka, trainers, background, settings, true);
  }
}
