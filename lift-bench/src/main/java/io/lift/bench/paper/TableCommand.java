package io.lift.bench.paper;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lift.cli.Lift;
import io.lift.cli.base.CliException;
import io.lift.cli.base.Home;
import io.lift.cli.term.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The paper's tables through Kafka and the four services: {@code lift eval} for each set and run.
 * Results are kept as JSON files, so that a stopped table goes on where it was.
 */
@Command(
    name = "table",
    mixinStandardHelpOptions = true,
    header = "Runs 'lift eval' on the paper's sets and prints the tables.")
public final class TableCommand implements Callable<Integer> {
  private static final List<String> CLASSIFICATION =
      List.of("iris", "tae", "cmc", "wine", "vehicle", "led", "spambase", "optdigits");
  private static final List<String> REGRESSION = List.of("ccpp", "insurance", "servo", "student");
  private static final int RUNS = 3;

  @Parameters(
      arity = "0..*",
      paramLabel = "SET",
      description = "Sets (default: all twelve of the tables).")
  private List<String> sets = List.of();

  @Option(
      names = "--data",
      defaultValue = "../shared/data",
      description = "Directory with classification/ and regression/ (default ${DEFAULT-VALUE}).")
  private Path data;

  @Option(
      names = "--out",
      defaultValue = ".lift/table",
      description = "Where the JSON results are kept (default ${DEFAULT-VALUE}).")
  private Path out;

  @Override
  public Integer call() throws IOException {
    Path root = Home.find().root();
    Path dataRoot = root.resolve(data);
    Path results = Files.createDirectories(root.resolve(out));
    Terminal terminal = Terminal.stdout();
    List<String> chosen = new ArrayList<>(sets);
    if (chosen.isEmpty()) {
      chosen.addAll(CLASSIFICATION);
      chosen.addAll(REGRESSION);
    }
    boolean whole = true;
    for (String set : chosen) {
      for (int run = 0; run < (REGRESSION.contains(set) ? 1 : RUNS); run++) {
        Path json = results.resolve(set + "-" + run + ".json");
        if (!Files.exists(json)) {
          whole &= Lift.run(arguments(dataRoot, set, run, json)) == 0;
        }
      }
    }
    print(terminal, results, chosen);
    return whole ? 0 : 1;
  }

  private static String[] arguments(Path data, String set, int run, Path json) {
    List<String> arguments = new ArrayList<>(List.of("eval"));
    if (REGRESSION.contains(set)) {
      Path dir = data.resolve("regression");
      Path train = dir.resolve(set + ".train.csv");
      arguments.add(train.toString());
      arguments.addAll(List.of("--target", target(train), "--type", "regression"));
      arguments.addAll(List.of("--valid", dir.resolve(set + ".valid.csv").toString()));
      arguments.addAll(List.of("--test", dir.resolve(set + ".test.csv").toString()));
    } else {
      Path dir = data.resolve("classification");
      Path file = dir.resolve(set + ".csv");
      arguments.add(file.toString());
      arguments.addAll(List.of("--target", target(file), "--type", "classification"));
      arguments.addAll(List.of("--splits", dir.resolve("splits.json").toString()));
      arguments.addAll(List.of("--run", Integer.toString(run)));
    }
    arguments.addAll(List.of("--json", json.toString()));
    return arguments.toArray(String[]::new);
  }

  /** The last column. */
  private static String target(Path csv) {
    try (var lines = Files.lines(csv)) {
      String header = lines.findFirst().orElseThrow(() -> new CliException("%s is empty.", csv));
      return header.substring(header.lastIndexOf(',') + 1).strip().replace("\"", "");
    } catch (IOException e) {
      throw new CliException("Cannot read %s: it needs the paper's sets (see --data).", csv);
    }
  }

  private static void print(Terminal terminal, Path results, List<String> sets) throws IOException {
    terminal.out().println("| set | runs | accuracy or RAE | invalid | missing | seconds |");
    terminal.out().println("|---|---|---|---|---|---|");
    double sum = 0;
    int counted = 0;
    for (String set : sets) {
      String measure = REGRESSION.contains(set) ? "rae" : "accuracy";
      double total = 0;
      double seconds = 0;
      int invalid = 0;
      int missing = 0;
      List<String> each = new ArrayList<>();
      for (int run = 0; run < RUNS; run++) {
        Path json = results.resolve(set + "-" + run + ".json");
        if (Files.exists(json)) {
          JsonNode result = JsonMapper.builder().build().readTree(json.toFile());
          double value = result.get(measure).asDouble();
          total += value;
          each.add("%.3f".formatted(value));
          invalid += result.get("invalid").asInt();
          missing += result.get("missing").asInt();
          seconds += result.get("train_seconds").asDouble();
          seconds += result.get("predict_seconds").asDouble();
        }
      }
      if (each.isEmpty()) {
        continue;
      }
      double mean = total / each.size();
      if (measure.equals("accuracy")) {
        sum += mean;
        counted++;
      }
      terminal
          .out()
          .printf(
              "| %s | %s | %.3f | %d | %d | %.0f |%n",
              set, String.join(" ", each), mean, invalid, missing, seconds / each.size());
    }
    if (counted > 0) {
      terminal.out().printf("mean accuracy of %d sets: %.2f %%%n", counted, 100 * sum / counted);
    }
  }
}
