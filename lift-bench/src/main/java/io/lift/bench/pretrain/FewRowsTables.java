package io.lift.bench.pretrain;

import io.lift.bench.paper.TestFunction;
import io.lift.cli.base.CliException;
import io.lift.cli.demo.AgrawalGenerator;
import io.lift.cli.demo.LoanTask;
import io.lift.core.task.TaskType;
import io.lift.model.random.SeededRandom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The tables of a trial: files of a folder, or rows of functions. */
enum FewRowsTables {
  /** Classifications of a folder, one file each. */
  SETS(TaskType.CLASSIFICATION),
  /** Regressions of a folder, in one file or in parts such as {@code ccpp.train.csv}. */
  REGRESSION(TaskType.REGRESSION),
  /** Agrawal's ten functions, perturbed as in the demo. */
  AGRAWAL(TaskType.CLASSIFICATION),
  /** The six functions of the paper's regression, of two coordinates with noise. */
  FUNCTIONS(TaskType.REGRESSION);

  private static final int ROWS = 1400; // of a generated table
  private static final double PERTURBATION = 0.05;
  private static final int COORDINATES = 2;
  private static final double RANGE = 10;
  private static final double NOISE = 0.5; // a tenth of the functions' deviation, about
  private static final String CSV = ".csv";

  private final TaskType type;

  FewRowsTables(TaskType type) {
    this.type = type;
  }

  /**
   * The tables by name.
   *
   * @param data folder with a folder {@code classification} and one {@code regression}
   * @param wanted which names
   * @throws CliException if the folder is not there
   */
  Map<String, LabelledTable> read(Path data, Predicate<String> wanted) throws IOException {
    Map<String, LabelledTable> tables = new LinkedHashMap<>();
    switch (this) {
      case SETS -> files(data.resolve("classification"), wanted, tables);
      case REGRESSION -> files(data.resolve("regression"), wanted, tables);
      case AGRAWAL -> {
        for (int f = 1; f <= AgrawalGenerator.FUNCTIONS; f++) {
          if (wanted.test("agrawal-" + f)) {
            tables.put("agrawal-" + f, agrawal(f));
          }
        }
      }
      case FUNCTIONS -> {
        for (TestFunction function : TestFunction.values()) {
          if (wanted.test(function.title())) {
            tables.put(function.title(), function(function));
          }
        }
      }
    }
    return tables;
  }

  private void files(Path folder, Predicate<String> wanted, Map<String, LabelledTable> tables)
      throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new CliException("There is no folder %s with CSV files (see --data).", folder);
    }
    Map<String, List<Path>> files = new TreeMap<>();
    try (var all = Files.list(folder)) {
      all.filter(file -> file.getFileName().toString().endsWith(CSV))
          .sorted()
          .forEach(
              file -> {
                String name = file.getFileName().toString().split("\\.")[0];
                files.computeIfAbsent(name, any -> new ArrayList<>()).add(file);
              });
    }
    for (Map.Entry<String, List<Path>> file : files.entrySet()) {
      if (wanted.test(file.getKey())) {
        tables.put(file.getKey(), LabelledTable.read(file.getKey(), type, file.getValue()));
      }
    }
  }

  private LabelledTable agrawal(int function) {
    AgrawalGenerator generator = new AgrawalGenerator(function, PERTURBATION);
    List<Map<String, String>> rows = new ArrayList<>();
    for (int r = 0; r < ROWS; r++) {
      rows.add(LoanTask.columns(generator.next(function)));
    }
    return LabelledTable.of("agrawal-" + function, type, rows);
  }

  private LabelledTable function(TestFunction function) {
    SeededRandom random = new SeededRandom(function.ordinal());
    List<Map<String, String>> rows = new ArrayList<>();
    for (int r = 0; r < ROWS; r++) {
      Map<String, String> row = new LinkedHashMap<>();
      double[] x = new double[COORDINATES];
      for (int c = 0; c < x.length; c++) {
        x[c] = RANGE * (2 * random.uniform() - 1);
        row.put("x" + (c + 1), Double.toString(x[c]));
      }
      row.put("y", Double.toString(function.at(x) + NOISE * random.gaussian()));
      rows.add(row);
    }
    return LabelledTable.of(function.title(), type, rows);
  }
}
