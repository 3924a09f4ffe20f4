package io.lift.it.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lift.cli.Lift;
import io.lift.cli.base.Home;
import io.lift.cli.stack.Stack;
import io.lift.cli.stack.StackOptions;
import io.lift.cli.stack.Workspace;
import io.lift.cli.term.ClientLogs;
import io.lift.cli.term.Terminal;
import io.lift.it.Program;
import io.lift.testing.Console;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clients and examples of the repository, as their readers run them. */
class ClientsIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final String ROW =
      "{\"salary\": 60000, \"age\": 41, \"car\": \"make 6\", \"loan\": 120000}";

  @TempDir static Path scratch;
  private static Path root;
  private static Workspace workspace;
  private static Stack stack;
  private static String bootstrap;

  @BeforeAll
  static void aTaskIsReady() throws Exception {
    ClientLogs.quieten(false);
    Home home = Home.find();
    root = home.root();
    workspace = Workspace.claim(home, "clients");
    stack =
        Stack.start(
            home,
            new StackOptions(
                workspace.directory(),
                Optional.empty(),
                1,
                false,
                Map.of("lift.trainer.max-steps", "20", "lift.trainer.members", "1")),
            Terminal.stdout());
    bootstrap = stack.kafka().client().get("bootstrap.servers").toString();
    String table = root.resolve("docs/example/loans.csv").toString();
    lift(
        "task",
        "create",
        "loans",
        "--from",
        table,
        "--target",
        "group",
        "--to",
        "loans.predictions");
    lift("produce", table, "--task", "loans");
  }

  private static void lift(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--bootstrap", bootstrap));
    Console ended = Console.run(Lift::run, all.toArray(String[]::new));
    assertThat(ended.code()).as(ended.err()).isZero();
  }

  @AfterAll
  static void stop() {
    stack.close();
    workspace.close();
  }

  @Test
  void theClientInQuarkusIsAnsweredOnTheTasksOwnTopic() throws Exception {
    Path jar = root.resolve("clients/quarkus/target/quarkus-app/quarkus-run.jar");
    assertThat(jar).exists();
    try (Program client =
        start(
            "quarkus",
            Map.of("KAFKA_BOOTSTRAP_SERVERS", bootstrap),
            Program.java(),
            "-XX:TieredStopAtLevel=1",
            "-jar",
            jar.toString())) {
      Pattern answered = Pattern.compile("application-\\d+: [AB], (0\\.[5-9]|1\\.0)");
      Awaitility.await().atMost(LIMIT).until(() -> answered.matcher(client.output()).find());
    }
  }

  @Test
  void theClientInJavaIsAnswered() throws Exception {
    String libraries = root.resolve("lift-cli/target/lib") + "/*";
    String source = root.resolve("clients/java/AskOne.java").toString();
    assertThat(ended("java", Program.java(), "-cp", libraries, source, bootstrap, "loans", ROW))
        .contains("answered {\"label\":");
  }

  @Test
  void theFollowerInJavaPrintsPredictions() throws Exception {
    String libraries = root.resolve("lift-cli/target/lib") + "/*";
    String source = root.resolve("docs/example/Predictions.java").toString();
    try (Program client =
        start(
            "predictions-java",
            Map.of(),
            Program.java(),
            "-cp",
            libraries,
            source,
            bootstrap,
            "loans")) {
      Awaitility.await().atMost(LIMIT).until(() -> client.output().contains(" answered {"));
    }
  }

  @Test
  void theExamplesInPythonRun() throws Exception {
    needsPython();
    String examples = root.resolve("docs/example").toString();
    assertThat(ended("ask", Program.python(), examples + "/ask.py", bootstrap, "loans", ROW))
        .contains("\"status\": \"answered\"");
    try (Program client =
        start(
            "predictions",
            Map.of(),
            Program.python(),
            examples + "/predictions.py",
            bootstrap,
            "loans")) {
      Awaitility.await().atMost(LIMIT).until(() -> client.output().contains(" by version "));
    }
  }

  @Test
  void thePackageForPythonProducesAsksAndFollows() throws Exception {
    needsPython();
    String table = root.resolve("docs/example/loans.csv").toString();
    assertThat(python("produce", "produce", "loans", table))
        .contains("800 rows sent to task loans");
    JsonNode answer = new ObjectMapper().readTree(python("ask-one", "ask", "loans", ROW));
    assertThat(answer.at("/answer/label").asText()).isIn("A", "B");
    assertThat(python("follow", "follow", "loans", "--earliest", "--count", "5").lines())
        .hasSize(5)
        .allMatch(
            line ->
                line.matches(
                    "\\S+ answered [AB] 0\\.\\d+ by version \\d+"
                        + "|\\S+ answered [AB] 1\\.000 by version \\d+"));

    assertThat(failed("no-task", "ask", "nothing", ROW)).contains("There is no task nothing.");
    assertThat(failed("no-key", "produce", "loans", table, "--key", "id"))
        .isEqualTo("Row 1 has no column id, which is its id.\n");
  }

  @Test
  void theNotebookRunsFromItsFirstCellToItsLast() throws Exception {
    needsPython();
    JsonNode notebook =
        new ObjectMapper().readTree(root.resolve("clients/notebook/loans.ipynb").toFile());
    StringBuilder script = new StringBuilder();
    for (JsonNode cell : notebook.get("cells")) {
      if (cell.get("cell_type").asText().equals("code")) {
        cell.get("source").forEach(line -> script.append(line.asText()));
        script.append('\n');
      }
    }
    Path file = Files.writeString(scratch.resolve("loans.py"), script);
    assertThat(ended("notebook", Program.python(), file.toString()))
        .contains("800 rows sent")
        .containsPattern("[AB] \\{.*} by version \\d+")
        .containsPattern("75 [AB] \\d");
  }

  private static void needsPython() throws Exception {
    boolean there = Program.pythonHas("confluent_kafka", scratch);
    if (!there) {
      System.out.println("A test of ClientsIT is skipped: python3-confluent-kafka is missing.");
    }
    assumeTrue(there, "no python3-confluent-kafka");
  }

  private static String python(String name, String... arguments) throws Exception {
    return ended(name, command(arguments));
  }

  private static String[] command(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(Program.python(), "-m", "lift_client.command", "--bootstrap", bootstrap));
    command.addAll(List.of(arguments));
    return command.toArray(String[]::new);
  }

  private static String failed(String name, String... arguments) throws Exception {
    try (Program program = start(name, environment(), command(arguments))) {
      assertThat(program.end()).as(program.output()).isEqualTo(1);
      return program.output();
    }
  }

  /** What a program printed that ended well. */
  private static String ended(String name, String... command) throws Exception {
    try (Program program = start(name, environment(), command)) {
      assertThat(program.end()).as(program.output()).isZero();
      return program.output();
    }
  }

  private static Map<String, String> environment() {
    return Map.of(
        "PYTHONPATH",
        root.resolve("clients/python/src").toString(),
        "PYTHONDONTWRITEBYTECODE",
        "1",
        "LIFT_BOOTSTRAP",
        bootstrap,
        "LOANS",
        root.resolve("docs/example/loans.csv").toString());
  }

  private static Program start(String name, Map<String, String> environment, String... command)
      throws Exception {
    return new Program(scratch, scratch.resolve(name + ".log"), environment, List.of(command));
  }
}
