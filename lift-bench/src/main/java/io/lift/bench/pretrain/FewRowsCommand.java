package io.lift.bench.pretrain;

import io.lift.checkpoint.InvalidModelException;
import io.lift.checkpoint.ModelFolder;
import io.lift.cli.base.CliException;
import io.lift.cli.base.Home;
import io.lift.cli.term.ProgressBar;
import io.lift.cli.term.Terminal;
import io.lift.model.BaseModel;
import io.lift.model.incontext.InContextClassifier;
import io.lift.model.incontext.InContextNetwork;
import io.lift.model.incontext.RowTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a pretrained reader is worth where few rows are labelled. */
@Command(
    name = "few-rows",
    mixinStandardHelpOptions = true,
    header = "Answers real sets of which 20, 50 or 100 rows are labelled, in several ways.",
    description = {
      "The rows are drawn by seed; at most 300 others are predicted. Beside the rows read in"
          + " context: the embedded model trained on them (--trained), and both averaged; a random"
          + " forest, logistic regression, the five nearest rows and the commonest label."
    })
public final class FewRowsCommand implements Callable<Integer> {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Folder of 'lift bench pretrain' (default: the model that ships).")
  private Path model;

  @Option(
      names = "--data",
      defaultValue = "../shared/data/classification",
      description = "Folder of CSV files, the target last (default ${DEFAULT-VALUE}).")
  private Path data;

  @Option(
      names = "--sets",
      split = ",",
      description = "Names of the files without .csv (default: all).")
  private List<String> sets = List.of();

  @Option(
      names = "--rows",
      split = ",",
      defaultValue = "20,50,100",
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
    Map<String, LabelledTable> tables = tables(root.resolve(data));
    Path kept = Files.createDirectories(root.resolve(out));
    try (InContextClassifier reader = new InContextClassifier(model(root), "cpu");
        BaseModel base = trained ? BaseModel.open(null, "cpu") : null) {
      for (int size : sizes) {
        print(size, run(tables, size, reader, base, kept));
      }
    } catch (InvalidModelException e) {
      throw new CliException("%s", e.getMessage());
    }
    return 0;
  }

  private InContextNetwork model(Path root) throws IOException {
    if (model == null) {
      return InContextNetwork.embedded();
    }
    Path folder = root.resolve(model);
    Path weights = folder.resolve(ModelFolder.WEIGHTS);
    if (!Files.exists(weights)) {
      throw new CliException("There is no %s; lift bench pretrain makes one.", weights);
    }
    return InContextNetwork.read(
        Files.readAllBytes(folder.resolve(ModelFolder.CONFIG)), Files.readAllBytes(weights));
  }

  private Map<String, LabelledTable> tables(Path folder) throws IOException {
    List<String> names = new ArrayList<>(sets);
    if (names.isEmpty()) {
      if (!Files.isDirectory(folder)) {
        throw new CliException("There is no folder %s with CSV files (see --data).", folder);
      }
      try (var files = Files.list(folder)) {
        files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.endsWith(".csv"))
            .map(name -> name.substring(0, name.length() - 4))
            .sorted()
            .forEach(names::add);
      }
    }
    Map<String, LabelledTable> tables = new LinkedHashMap<>();
    for (String name : names) {
      tables.put(name, table(name, folder.resolve(name + ".csv")));
    }
    return tables;
  }

  private LabelledTable table(String name, Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new CliException("There is no %s (see --data and --sets).", file);
    }
    LabelledTable table = LabelledTable.read(name, file);
    int labels = table.task().labels().size();
    if (labels > RowTokens.LABELS) {
      throw new CliException(
          "%s has %d labels; rows in context have at most %d.", name, labels, RowTokens.LABELS);
    }
    int most = Collections.max(sizes);
    if (table.rows().size() <= most) {
      throw new CliException(
          "%s has %d rows: of %d labelled ones, none is left to ask about.",
          name, table.rows().size(), most);
    }
    return table;
  }

  /** Mean scores: set, then method. */
  private Map<String, Map<String, FewRowsTrial.Score>> run(
      Map<String, LabelledTable> tables,
      int size,
      InContextClassifier reader,
      BaseModel base,
      Path kept)
      throws IOException {
    Map<String, Map<String, FewRowsTrial.Score>> all = new LinkedHashMap<>();
    int done = 0;
    try (ProgressBar bar =
        new ProgressBar(terminal, size + " rows", "trials", (long) tables.size() * seeds)) {
      for (Map.Entry<String, LabelledTable> table : tables.entrySet()) {
        List<Map<String, FewRowsTrial.Score>> each = new ArrayList<>();
        for (int seed = 0; seed < seeds; seed++) {
          each.add(new FewRowsTrial(table.getValue(), size, seed).run(reader, base, kept));
          bar.set(++done, table.getKey());
        }
        all.put(table.getKey(), mean(each));
      }
    }
    all.put("mean", mean(List.copyOf(all.values())));
    return all;
  }

  private static Map<String, FewRowsTrial.Score> mean(List<Map<String, FewRowsTrial.Score>> each) {
    Map<String, FewRowsTrial.Score> mean = new LinkedHashMap<>();
    for (String method : each.get(0).keySet()) {
      mean.put(
          method,
          new FewRowsTrial.Score(
              each.stream().mapToDouble(s -> s.get(method).accuracy()).average().orElseThrow(),
              each.stream().mapToDouble(s -> s.get(method).loss()).average().orElseThrow()));
    }
    return mean;
  }

  private void print(int size, Map<String, Map<String, FewRowsTrial.Score>> scores) {
    List<String> methods = List.copyOf(scores.get("mean").keySet());
    terminal
        .out()
        .printf("%n%d labelled rows: accuracy in %% / log loss%n| set |", size)
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
                            .map(byMethod::get)
                            .map(s -> " %.1f / %.2f |".formatted(100 * s.accuracy(), s.loss()))
                            .collect(Collectors.joining())));
  }
}
