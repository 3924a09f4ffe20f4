package io.lift.bench.pretrain;

import io.lift.checkpoint.InvalidModelException;
import io.lift.checkpoint.ModelFolder;
import io.lift.cli.base.CliException;
import io.lift.cli.base.Home;
import io.lift.cli.term.ProgressBar;
import io.lift.cli.term.Terminal;
import io.lift.model.BaseModel;
import io.lift.model.incontext.InContextPredictor;
import io.lift.model.incontext.LabelledRows;
import io.lift.model.incontext.TransformerWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the in-context model is worth where few rows are labelled. */
@Command(
    name = "few-rows",
    mixinStandardHelpOptions = true,
    header = "Answers tables of which few rows are labelled, in several ways.",
    description = {
      "The rows are drawn by seed; at most 300 others are predicted. Beside the rows read in"
          + " context: a random forest of 200 trees, boosting, a linear model, the five nearest"
          + " rows, and the embedded model trained on them (--trained). Of classifications it has"
          + " accuracy in %% / log loss; of regressions the absolute error relative to the mean's,"
          + " and how many %% of the truths are in 90 %% intervals."
    })
public final class FewRowsCommand implements Callable<Integer> {
  private static final int FEWEST_QUERIES = 10;
  private static final String MEAN = "mean";

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Folder of 'lift bench pretrain' (default: the model that ships).")
  private Path model;

  @Option(
      names = "--data",
      defaultValue = "../shared/data",
      description = {
        "Folder with the folders classification and regression, of CSV files, the target last",
        "(default ${DEFAULT-VALUE})."
      })
  private Path data;

  @Option(
      names = "--tables",
      split = ",",
      defaultValue = "sets",
      description =
          "Which tables: sets, regression, agrawal, functions (default ${DEFAULT-VALUE}).")
  private List<FewRowsTables> kinds;

  @Option(names = "--sets", split = ",", description = "Names of the tables (default: all).")
  private List<String> sets = List.of();

  @Option(
      names = "--rows",
      split = ",",
      defaultValue = "20,50,100,500",
      description = "Labelled rows (default ${DEFAULT-VALUE}).")
  private List<Integer> sizes;

  @Option(
      names = "--seeds",
      defaultValue = "5",
      description = "Draws of each size (default ${DEFAULT-VALUE}).")
  private int seeds;

  @Option(names = "--trained", description = "Also train the embedded model, which takes time.")
  private boolean trained;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = ".lift/few-rows",
      description = "Where answers of trained models are kept (default ${DEFAULT-VALUE}).")
  private Path out;

  private final Terminal terminal = Terminal.stdout();

  @Override
  public Integer call() throws IOException {
    Path root = Home.find().root();
    Path kept = Files.createDirectories(root.resolve(out));
    try (InContextPredictor reader = new InContextPredictor(model(root), "cpu");
        BaseModel base = trained ? BaseModel.open(null, "cpu") : null) {
      for (FewRowsTables kind : kinds) {
        Map<String, LabelledTable> tables = tables(kind, root.resolve(data));
        for (int size : sizes) {
          Map<String, LabelledTable> large = new LinkedHashMap<>(tables);
          large.values().removeIf(table -> table.rows().size() < size + FEWEST_QUERIES);
          if (large.isEmpty()) {
            terminal.out().printf("%nNo table has %d rows and %d more.%n", size, FEWEST_QUERIES);
          } else {
            print(size, run(large, size, reader, base, kept));
          }
        }
      }
    } catch (InvalidModelException e) {
      throw new CliException("%s", e.getMessage());
    }
    return 0;
  }

  private TransformerWeights model(Path root) throws IOException {
    if (model == null) {
      return TransformerWeights.embedded();
    }
    Path folder = root.resolve(model);
    Path weights = folder.resolve(ModelFolder.WEIGHTS);
    if (!Files.exists(weights)) {
      throw new CliException("There is no %s; lift bench pretrain makes one.", weights);
    }
    return TransformerWeights.read(
        Files.readAllBytes(folder.resolve(ModelFolder.CONFIG)), Files.readAllBytes(weights));
  }

  private Map<String, LabelledTable> tables(FewRowsTables kind, Path folder) throws IOException {
    Map<String, LabelledTable> tables =
        kind.read(folder, name -> sets.isEmpty() || sets.contains(name));
    if (tables.isEmpty()) {
      throw new CliException("No table has one of the names %s.", String.join(", ", sets));
    }
    for (LabelledTable table : tables.values()) {
      int labels = table.task().labels().size();
      if (labels > LabelledRows.MAX_LABELS) {
        throw new CliException(
            "%s has %d labels; rows in context have at most %d.",
            table.task().name(), labels, LabelledRows.MAX_LABELS);
      }
    }
    return tables;
  }

  /** Mean scores: set, then method. */
  private Map<String, Map<String, FewRowsScore>> run(
      Map<String, LabelledTable> tables,
      int size,
      InContextPredictor reader,
      BaseModel base,
      Path kept)
      throws IOException {
    Map<String, Map<String, FewRowsScore>> all = new LinkedHashMap<>();
    int done = 0;
    try (ProgressBar bar =
        new ProgressBar(terminal, size + " rows", "trials", (long) tables.size() * seeds)) {
      for (Map.Entry<String, LabelledTable> table : tables.entrySet()) {
        List<Map<String, FewRowsScore>> each = new ArrayList<>();
        for (int seed = 0; seed < seeds; seed++) {
          each.add(new FewRowsTrial(table.getValue(), size, seed).run(reader, base, kept));
          bar.set(++done, table.getKey());
        }
        all.put(table.getKey(), mean(each));
      }
    }
    all.put(MEAN, mean(List.copyOf(all.values())));
    return all;
  }

  private static Map<String, FewRowsScore> mean(List<Map<String, FewRowsScore>> each) {
    Map<String, FewRowsScore> mean = new LinkedHashMap<>();
    for (String method : each.get(0).keySet()) {
      mean.put(method, FewRowsScore.mean(each.stream().map(s -> s.get(method)).toList()));
    }
    return mean;
  }

  private void print(int size, Map<String, Map<String, FewRowsScore>> scores) {
    List<String> methods = List.copyOf(scores.get(MEAN).keySet());
    terminal
        .out()
        .printf("%n%d labelled rows%n| set |", size)
        .println(methods.stream().map(m -> " " + m + " |").collect(Collectors.joining()));
    terminal.out().println("|---|" + "---|".repeat(methods.size()));
    scores.forEach(
        (set, byMethod) ->
            terminal
                .out()
                .println(
                    "| "
                        + set
                        + " |"
                        + methods.stream()
                            .map(method -> " " + byMethod.get(method) + " |")
                            .collect(Collectors.joining())));
  }
}
