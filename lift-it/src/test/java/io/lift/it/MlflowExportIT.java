package io.lift.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.lift.cli.Lift;
import io.lift.cli.base.Home;
import io.lift.cli.kafka.RowSender;
import io.lift.cli.kafka.TaskRegistry;
import io.lift.cli.stack.Service;
import io.lift.cli.stack.Stack;
import io.lift.cli.stack.StackOptions;
import io.lift.cli.stack.Workspace;
import io.lift.cli.task.TaskProposal;
import io.lift.cli.term.Terminal;
import io.lift.core.table.JsonRows;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.testing.Console;
import io.lift.testing.TwoMoons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A checkpoint as a model folder of MLflow, and its pyfunc in Python before the packaged services.
 * MLflow itself is not part of this test.
 */
class MlflowExportIT {
  /** Loads the folder as MLflow does: code on the path, the loader with the folder of the data. */
  private static final String LOAD =
      """
      import importlib, json, os, sys
      folder = sys.argv[1]
      sys.path.insert(0, os.path.join(folder, "code"))
      model = importlib.import_module("lift_model")._load_pyfunc(os.path.join(folder, "data"))
      rows = [{"x": 0.0, "y": 1.0}, {"x": 1.0, "y": float("nan")}]
      columns = {"x": [0.0, 1.0], "y": [1.0, None]}
      print(json.dumps([model.predict(rows), model.predict(columns)]))
      try:
          model.predict([{"x": "far"}])
      except RuntimeError as error:
          print(error)
      """;

  @TempDir private Path directory;

  @Test
  void theExportedFolderAnswersRowsThroughTheRunningServices() throws Exception {
    assumeTrue(Files.isExecutable(Path.of(Program.python())), "there is no " + Program.python());
    Home home = Home.find();
    try (Workspace workspace = Workspace.claim(home, "mlflow-test");
        Stack stack =
            Stack.start(
                home,
                new StackOptions(workspace.directory(), Optional.empty(), 1, false),
                new Terminal(System.out, false, 100))) {
      learn(stack);
      String url = "http://127.0.0.1:" + stack.runFile().ports(Service.INFERENCE).get(0);
      Path folder = directory.resolve("moons-model");

      Console console =
          Awaitility.await()
              .atMost(Duration.ofMinutes(3))
              .pollInterval(Duration.ofSeconds(2))
              .until(
                  () ->
                      Console.run(
                          Lift::run,
                          "checkpoint",
                          "export",
                          "moons",
                          "--bootstrap",
                          stack.runFile().bootstrap(),
                          "--to-mlflow",
                          folder.toString(),
                          "--url",
                          url),
                  done -> done.code() == 0);

      assertThat(console.out()).contains("MLmodel", "model.safetensors", "lift_model.py");
      JsonNode model = new YAMLMapper().readTree(folder.resolve("MLmodel").toFile());
      assertThat(model.at("/flavors/lift/task").asText()).isEqualTo("moons");
      assertThat(model.at("/flavors/lift/checkpoint").asLong()).isPositive();
      String[] said = run(folder).split("\n");
      JsonNode answers = new ObjectMapper().readTree(said[0]);
      for (JsonNode columns : answers) {
        assertThat(columns.path("answer")).hasSize(2);
        assertThat(columns.at("/answer/0").asText()).isIn("upper", "lower");
        assertThat(columns.at("/probability/0").asDouble()).isBetween(0.5, 1.0);
        assertThat(columns.at("/checkpoint/0").asLong()).isPositive();
      }
      assertThat(said[1]).startsWith("Lift answers 400: row 0: Column 'x' needs a number");
    }
  }

  private static void learn(Stack stack) throws InterruptedException {
    TwoMoons moons = new TwoMoons(1);
    List<Map<String, String>> rows =
        Stream.generate(moons::next)
            .limit(150)
            .map(point -> Map.of("x", "" + point.x(), "y", "" + point.y(), "moon", point.moon()))
            .toList();
    TaskSpec task =
        TaskProposal.infer("moons", rows, "moon", TaskType.CLASSIFICATION, Map.of()).spec();
    JsonRows json = new JsonRows(task);
    try (TaskRegistry tasks = new TaskRegistry(stack.kafka());
        RowSender sender = new RowSender(stack.kafka(), "moons")) {
      tasks.publish(task);
      for (int i = 0; i < rows.size(); i++) {
        sender.send("r" + i, json.write(rows.get(i)), RowSender.Use.TRAIN, null);
      }
      sender.flush();
    }
  }

  private String run(Path folder) throws IOException, InterruptedException {
    Path script = Files.writeString(directory.resolve("load.py"), LOAD);
    Program.Output said =
        Program.run(
            directory,
            directory.resolve("load.txt"),
            Map.of(),
            List.of(Program.python(), script.toString(), folder.toString()));
    assertThat(said.code()).as(said.text()).isZero();
    return said.text();
  }
}
