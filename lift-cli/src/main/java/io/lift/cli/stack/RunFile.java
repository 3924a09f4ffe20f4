package io.lift.cli.stack;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.lift.cli.kafka.ConnectionSettings;
import io.lift.messages.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * What runs: written when a stack starts, read by later commands, removed when it stops.
 *
 * @param directory the stack's files
 * @param bootstrap its Kafka
 * @param processes its processes, in the order in which they are stopped
 */
public record RunFile(String directory, String bootstrap, List<StackProcess> processes) {
  /** The stack that {@code lift up} keeps in the background. */
  public static final String UP = "up";

  static final String KAFKA_PROPERTIES = "kafka.properties";
  private static final String NAME = "run.json";

  public RunFile {
    processes = List.copyOf(processes);
  }

  /** Reads the run file of a stack's directory, if there is one. */
  public static Optional<RunFile> read(Path directory) {
    try {
      return Optional.of(Json.read(Files.readAllBytes(directory.resolve(NAME)), RunFile.class));
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty(); // absent, or cut off while it was written
    }
  }

  void write() {
    Path file = Path.of(directory, NAME);
    try {
      Path fresh = Files.write(Path.of(directory, NAME + ".new"), Json.write(this));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes the run file and the Kafka settings, which may hold secrets. */
  void delete() {
    try {
      Files.deleteIfExists(Path.of(directory, NAME));
      Files.deleteIfExists(Path.of(directory, KAFKA_PROPERTIES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether any process of it is alive. */
  @JsonIgnore
  public boolean isRunning() {
    return processes.stream().anyMatch(StackProcess::isAlive);
  }

  /** How its services reach Kafka. */
  public ConnectionSettings kafka() {
    return ConnectionSettings.fromServiceProperties(Path.of(directory, KAFKA_PROPERTIES));
  }

  /** Where the live page is. */
  public String page() {
    return "http://127.0.0.1:" + ports(Service.EVALUATOR).get(0) + "/";
  }

  /** HTTP ports of a service's processes. */
  public List<Integer> ports(Service service) {
    return processes.stream()
        .filter(process -> process.service() == service)
        .map(StackProcess::port)
        .toList();
  }
}
