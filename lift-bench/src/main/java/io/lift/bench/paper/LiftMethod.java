package io.lift.bench.paper;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lift.bench.measure.Processes;
import io.lift.cli.Lift;
import io.lift.cli.base.CliException;
import io.lift.cli.base.Home;
import io.lift.cli.eval.AnsweredRow;
import io.lift.cli.stack.ConnectionOptions;
import io.lift.cli.stack.Stack;
import io.lift.cli.stack.StackOptions;
import io.lift.cli.stack.StackProcess;
import io.lift.cli.stack.Workspace;
import io.lift.cli.term.Terminal;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * Lift itself, as a user has it: each cell is a {@code lift eval} in a process of its own, one at a
 * time. All share one stack, which is started for the first of them unless one runs already.
 */
final class LiftMethod implements PaperMethod, AutoCloseable {
  private final Home home;
  private final ConnectionOptions connection;
  private final Path work;
  private final Terminal terminal;
  private final Map<String, String> settings;
  private final String model;
  private Workspace workspace;
  private Stack stack;
  private volatile Process running;

  /**
   * @param connection another Kafka than that of a stack of its own
   * @param settings of the services of that stack
   * @param work where the files of the running cell lie
   */
  LiftMethod(
      Home home,
      ConnectionOptions connection,
      Map<String, String> settings,
      Path work,
      Terminal terminal) {
    this.home = home;
    this.settings = settings;
    this.model = LiftPrint.own(settings);
    this.connection = connection;
    this.work = work;
    this.terminal = terminal;
    Runtime.getRuntime().addShutdownHook(new Thread(this::endProcess, "stop-eval"));
  }

  @Override
  public CellResult run(Cell cell, SetData data) throws InterruptedException {
    List<String> kafka = kafka();
    Path directory = work.resolve(cell.key());
    try {
      Files.createDirectories(directory);
      List<String> command = command(cell, data, directory);
      Path json = directory.resolve("report.json");
      List<String> arguments = new ArrayList<>(command);
      arguments.addAll(List.of("--answers", "--json", json.toString()));
      arguments.addAll(kafka);
      Path log = directory.resolve("eval.log");
      running = Processes.java(log, Lift.class, arguments.toArray(String[]::new));
      int code;
      try {
        code = running.waitFor();
      } finally {
        endProcess();
      }
      if (code != 0) {
        throw new CliException("%s (%s)", lastLine(log), Home.show(log));
      }
      CellResult result = result(cell, data, command, json);
      delete(directory);
      return result;
    } catch (IOException e) {
      throw new CliException(e, "Cannot write below " + work + ": " + e.getMessage() + ".");
    }
  }

  private static List<String> command(Cell cell, SetData data, Path directory) throws IOException {
    Path train = write(directory.resolve(data.name() + ".train.csv"), data.train());
    Path test = write(directory.resolve(data.name() + ".test.csv"), data.test());
    List<String> command = new ArrayList<>(List.of("eval", train.toString()));
    command.addAll(List.of("--target", data.target()));
    command.addAll(List.of("--type", data.type().name().toLowerCase(Locale.ROOT)));
    command.addAll(List.of("--test", test.toString()));
    if (!data.valid().isEmpty()) {
      // used by the calibration alone, where a coverage is given
      Path valid = write(directory.resolve(data.name() + ".valid.csv"), data.valid());
      command.addAll(List.of("--valid", valid.toString()));
    }
    cell.options().forEach(option -> command.addAll(Arrays.asList(option.split(" "))));
    return command;
  }

  private static Path write(Path file, List<Map<String, String>> rows) throws IOException {
    try (Writer writer = Files.newBufferedWriter(file);
        CSVPrinter csv = new CSVPrinter(writer, CSVFormat.RFC4180)) {
      csv.printRecord(rows.get(0).keySet());
      for (Map<String, String> row : rows) {
        csv.printRecord(row.values());
      }
    }
    return file;
  }

  private CellResult result(Cell cell, SetData data, List<String> command, Path json)
      throws IOException {
    JsonMapper mapper = new JsonMapper();
    JsonNode report = mapper.readTree(json.toFile());
    List<AnsweredRow> answers =
        mapper.convertValue(report.path("answers"), new TypeReference<List<AnsweredRow>>() {});
    List<String> shown =
        command.stream().map(word -> word.replace(json.getParent() + "/", "")).toList();
    return new CellResult(
        cell,
        model,
        data.type(),
        data.labels(),
        data.train().size(),
        "lift " + String.join(" ", shown),
        report.path("train_seconds").asDouble() + report.path("predict_seconds").asDouble(),
        report.has("rejected") ? report.path("rejected").asDouble() : null,
        answers);
  }

  /** Options that name the Kafka to use; a stack that has lost a process is replaced. */
  private List<String> kafka() throws InterruptedException {
    if (connection.given().isPresent()) {
      return connection.arguments();
    }
    if (stack == null && connection.running().isPresent()) {
      return List.of("--bootstrap", connection.settings().bootstrap());
    }
    if (stack != null && !stack.runFile().processes().stream().allMatch(StackProcess::isAlive)) {
      close();
    }
    if (stack == null) {
      workspace = Workspace.claim(home, "bench");
      stack =
          Stack.start(
              home,
              new StackOptions(workspace.directory(), Optional.empty(), 1, false, settings),
              terminal);
    }
    return List.of("--bootstrap", stack.kafka().bootstrap());
  }

  private static String lastLine(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log).stream().filter(line -> !line.isBlank()).toList();
    return lines.isEmpty() ? "its log is empty" : lines.get(lines.size() - 1);
  }

  private static void delete(Path directory) throws IOException {
    List<Path> files;
    try (var listed = Files.list(directory)) {
      files = listed.toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
    Files.delete(directory);
  }

  private void endProcess() {
    Process process = running;
    if (process != null) {
      process.destroy();
    }
  }

  @Override
  public void close() {
    endProcess();
    if (stack != null) {
      stack.close();
      stack = null;
    }
    if (workspace != null) {
      workspace.close();
      workspace = null;
    }
  }
}
