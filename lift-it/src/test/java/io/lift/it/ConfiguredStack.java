package io.lift.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.broker.FreePort;
import io.lift.cli.Lift;
import io.lift.cli.base.Home;
import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.stack.Health;
import io.lift.cli.stack.Service;
import io.lift.cli.stack.ServiceLauncher;
import io.lift.cli.stack.Stack;
import io.lift.cli.stack.StackOptions;
import io.lift.cli.stack.StackProcess;
import io.lift.cli.stack.Workspace;
import io.lift.cli.term.ClientLogs;
import io.lift.cli.term.Terminal;
import io.lift.messages.Json;
import io.lift.testing.Console;
import io.lift.testing.TwoMoons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/**
 * All services as processes, and the commands in this JVM, on a Kafka of which they know nothing
 * but one file of settings, as {@code --kafka-config} takes it.
 */
final class ConfiguredStack implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final String TASK = "moons";
  private static final int ROWS = 120;

  private final Path file;
  private final Workspace workspace;
  private final Stack stack;

  /**
   * Starts the services.
   *
   * @param file the settings
   * @param name of the folder that the stack works in
   */
  ConfiguredStack(Path file, String name) throws InterruptedException {
    ClientLogs.quieten(false);
    this.file = file;
    Home home = Home.find();
    workspace = Workspace.claim(home, name);
    stack =
        Stack.start(
            home,
            new StackOptions(
                workspace.directory(),
                Optional.of(ConnectionSettings.of(null, file)),
                1,
                false,
                Map.of("lift.trainer.max-steps", "20", "lift.trainer.members", "1")),
            Terminal.stdout());
  }

  /** Writes settings into a file. */
  static Path write(Path file, Map<String, String> settings) throws IOException {
    Properties properties = new Properties();
    properties.putAll(settings);
    try (var out = Files.newOutputStream(file)) {
      properties.store(out, null);
    }
    return file;
  }

  /** A command on the Kafka of a file. */
  static Console lift(Path file, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--kafka-config", file.toString()));
    return Console.run(Lift::run, all.toArray(String[]::new));
  }

  /** Runs a service that is bound to end, by itself; returns what it logged. */
  static String run(Service service, Path file, Path directory) throws Exception {
    Files.createDirectories(directory.resolve("tmp"));
    Path settings = directory.resolve("service.properties");
    try (var out = Files.newOutputStream(settings)) {
      ConnectionSettings.of(null, file).serviceProperties().store(out, null);
    }
    ServiceLauncher launcher = new ServiceLauncher(Home.find(), directory, settings, false);
    String name = service.title();
    Process process = launcher.process(service, name, FreePort.choose());
    assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    return Files.readString(launcher.log(name));
  }

  private Console succeed(String... arguments) {
    Console console = lift(file, arguments);
    assertThat(console.code()).as(console.err()).isZero();
    return console;
  }

  /** Rows go in by commands. They are learned, answered and scored, and the page shows that. */
  void learnsAnswersAndGenerates(Path directory) throws IOException {
    Path table = TwoMoons.write(directory.resolve("moons.csv"), ROWS);
    succeed("task", "create", TASK, "--from", table.toString(), "--target", "moon", "--generate");
    succeed("produce", table.toString(), "--task", TASK);
    awaitService(Service.TRAINER, "/training", body -> body.contains("\"checkpointVersion\":1"));
    awaitService(Service.EVALUATOR, "/metrics/" + TASK, body -> scored(body) == ROWS);
    Path rows = TwoMoons.write(directory.resolve("new.csv"), 10);
    Console answers = succeed("predict", rows.toString(), "--task", TASK);
    assertThat(answers.out().lines().filter(line -> line.contains(",answered,"))).hasSize(10);
    Path generated = directory.resolve("generated.csv");
    succeed("generate", TASK, "--rows", "5", "--out", generated.toString());
    assertThat(Files.readAllLines(generated)).hasSize(6);
    awaitService(
        Service.EVALUATOR,
        "/api/tasks",
        body -> body.matches("(?s).*\"scored\":" + ROWS + "\\D.*"));
    assertThat(succeed("status").out()).contains(TASK, "lift-trainer", "lift-evaluator");
    assertThat(succeed("task", "list").out()).contains(TASK);
    assertThat(succeed("dead-letters").code()).isZero();
  }

  private void awaitService(Service service, String path, Predicate<String> condition) {
    Awaitility.await()
        .atMost(LIMIT)
        .until(() -> Health.get(process(service).port(), path).filter(condition).isPresent());
  }

  private StackProcess process(Service service) {
    return stack.runFile().processes().stream()
        .filter(process -> process.service() == service)
        .findFirst()
        .orElseThrow();
  }

  private static int scored(String metrics) {
    Map<?, ?> total = (Map<?, ?>) Json.read(metrics.getBytes(), Map.class).get("total");
    return total == null ? 0 : ((Number) total.get("count")).intValue();
  }

  /** What a service has logged. */
  String log(Service service) throws IOException {
    return Files.readString(Path.of(process(service).log()));
  }

  @Override
  public void close() {
    stack.close();
    workspace.close();
  }
}
