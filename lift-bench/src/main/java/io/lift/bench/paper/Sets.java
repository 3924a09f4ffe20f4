package io.lift.bench.paper;

import io.lift.cli.base.CliException;
import io.lift.cli.table.CsvFile;
import io.lift.core.table.Splits;
import io.lift.core.task.TaskType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sets of the experiments by name:
 *
 * <ul>
 *   <li>{@code circles}, {@code two-circles}, {@code blobs}, {@code moons}, {@code nine-clusters}:
 *       generated;
 *   <li>{@code linear-1}, {@code cosine-50}, …: a function and its number of columns, generated;
 *       {@code linear-1-outside} is tested outside the training range as well;
 *   <li>any other: {@code classification/NAME.csv} with {@code classification/splits.json}, or
 *       {@code regression/NAME.train.csv} with {@code NAME.valid.csv} and {@code NAME.test.csv}, or
 *       {@code regression/NAME.csv}, made two classes at the target's mean, or {@code
 *       text/NAME.text.csv}; the target is the last column.
 * </ul>
 *
 * Thread-safe.
 */
final class Sets {
  private static final Pattern FUNCTION = Pattern.compile("([a-z0-9]+)-(\\d+)(-outside)?");
  private static final double PART = 0.2; // of all rows for testing, of the rest for validation

  private final Path data;
  private final Map<String, List<Map<String, String>>> read = new ConcurrentHashMap<>();

  /**
   * @param data directory with classification/, regression/ and text/, which may be absent
   */
  Sets(Path data) {
    this.data = data;
  }

  /** Whether a set is generated or its files are there. */
  boolean has(String name) {
    return plane(name).isPresent()
        || function(name).isPresent()
        || Files.exists(labelled(name)) && Files.exists(splits())
        || Files.exists(part(name, "train"))
        || Files.exists(whole(name))
        || Files.exists(text(name));
  }

  /**
   * The rows of one run.
   *
   * @param run from 0
   * @throws CliException if the set is not at hand
   */
  SetData load(String name, int run) {
    Optional<PlaneSet> plane = plane(name);
    if (plane.isPresent()) {
      return split(name, PlaneSet.TARGET, plane.get().rows(), run);
    }
    Optional<Matcher> function = function(name);
    if (function.isPresent()) {
      TestFunction f = TestFunction.valueOf(function.get().group(1).toUpperCase(Locale.ROOT));
      return function.get().group(3) == null
          ? FunctionSets.of(name, f, Integer.parseInt(function.get().group(2)), run)
          : FunctionSets.outside(name, f, run);
    }
    if (Files.exists(labelled(name))) {
      return published(name, run);
    }
    if (Files.exists(part(name, "train"))) {
      List<Map<String, String>> train = rows(part(name, "train"));
      return new SetData(
          name,
          target(train),
          TaskType.REGRESSION,
          inOrderOf(run, train),
          rows(part(name, "valid")),
          rows(part(name, "test")));
    }
    if (Files.exists(whole(name))) {
      List<Map<String, String>> rows = aboveItsMean(rows(whole(name)));
      return split(name, target(rows), rows, run);
    }
    if (Files.exists(text(name))) {
      List<Map<String, String>> rows = rows(text(name));
      return split(name, target(rows), rows, run);
    }
    throw new CliException("There is no set %s in %s.", name, data);
  }

  private static Optional<PlaneSet> plane(String name) {
    return Arrays.stream(PlaneSet.values()).filter(set -> set.title().equals(name)).findFirst();
  }

  private static Optional<Matcher> function(String name) {
    Matcher matcher = FUNCTION.matcher(name);
    return Optional.of(matcher)
        .filter(Matcher::matches)
        .filter(
            m -> Arrays.stream(TestFunction.values()).anyMatch(f -> f.title().equals(m.group(1))));
  }

  private Path labelled(String name) {
    return data.resolve("classification").resolve(name + ".csv");
  }

  private Path splits() {
    return data.resolve("classification/splits.json");
  }

  private Path part(String name, String part) {
    return data.resolve("regression").resolve(name + "." + part + ".csv");
  }

  private Path whole(String name) {
    return data.resolve("regression").resolve(name + ".csv");
  }

  private Path text(String name) {
    return data.resolve("text").resolve(name + ".text.csv");
  }

  private List<Map<String, String>> rows(Path file) {
    return read.computeIfAbsent(file.toString(), CsvFile::readAll);
  }

  /** A set whose parts are given has the same rows in each run, in another order. */
  private static List<Map<String, String>> inOrderOf(int run, List<Map<String, String>> rows) {
    if (run == 0) {
      return rows;
    }
    List<Map<String, String>> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(run));
    return shuffled;
  }

  private static String target(List<Map<String, String>> rows) {
    List<String> columns = List.copyOf(rows.get(0).keySet());
    return columns.get(columns.size() - 1);
  }

  private SetData published(String name, int run) {
    List<Map<String, String>> rows = rows(labelled(name));
    try {
      return data(name, target(rows), rows, Splits.read(splits(), name, run, rows.size()));
    } catch (IllegalArgumentException e) {
      throw new CliException(e, e.getMessage());
    } catch (IOException e) {
      throw new CliException(e, "Cannot read " + splits() + ": " + e.getMessage() + ".");
    }
  }

  /** As the paper splits: one stratified fifth for testing, of the rest another for each run. */
  private static SetData split(
      String name, String target, List<Map<String, String>> rows, int run) {
    List<String> labels = rows.stream().map(row -> row.get(target)).toList();
    Splits outer = Splits.stratified(labels, PART, 0);
    List<String> rest = Arrays.stream(outer.train()).mapToObj(labels::get).toList();
    Splits inner = Splits.stratified(rest, PART, run + 1);
    int[] train = Arrays.stream(inner.train()).map(row -> outer.train()[row]).toArray();
    int[] valid = Arrays.stream(inner.test()).map(row -> outer.train()[row]).toArray();
    return data(name, target, rows, new Splits(train, valid, outer.test()));
  }

  private static SetData data(
      String name, String target, List<Map<String, String>> rows, Splits split) {
    return new SetData(
        name,
        target,
        TaskType.CLASSIFICATION,
        pick(rows, split.train()),
        pick(rows, split.valid()),
        pick(rows, split.test()));
  }

  private static List<Map<String, String>> pick(List<Map<String, String>> rows, int[] numbers) {
    return Arrays.stream(numbers).mapToObj(rows::get).toList();
  }

  private static List<Map<String, String>> aboveItsMean(List<Map<String, String>> rows) {
    String target = target(rows);
    double mean =
        rows.stream().mapToDouble(row -> Double.parseDouble(row.get(target))).average().orElse(0);
    List<Map<String, String>> marked = new ArrayList<>();
    for (Map<String, String> row : rows) {
      Map<String, String> copy = new LinkedHashMap<>(row);
      copy.put(target, Double.parseDouble(row.get(target)) > mean ? "above" : "below");
      marked.add(copy);
    }
    return marked;
  }
}
