package io.lift.bench.prequential;

import io.lift.cli.base.CliException;
import io.lift.cli.table.CsvFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A table in order of time. The target is its last column, a label.
 *
 * @param name the file's name without {@code .csv}
 * @param target name of the last column
 * @param rows the rows, oldest first
 */
record StreamTable(String name, String target, List<Map<String, String>> rows) {
  /** The figures of other learners on the same streams, which are no stream. */
  static final String PEERS = "peers.csv";

  /**
   * The tables of a folder, by name.
   *
   * @param most rows that are taken of each
   * @throws CliException if there is none
   */
  static List<StreamTable> readAll(Path folder, int most) {
    List<StreamTable> tables = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".csv") && !name.equals(PEERS)) {
          tables.add(read(file, most));
        }
      }
    } catch (IOException e) {
      throw new CliException(e, "Cannot read the folder %s.".formatted(folder));
    }
    if (tables.isEmpty()) {
      throw new CliException("There is no CSV file in %s.", folder);
    }
    return tables;
  }

  private static StreamTable read(Path file, int most) {
    List<Map<String, String>> rows = CsvFile.readAll(file.toString());
    if (rows.isEmpty()) {
      throw new CliException("%s has no rows.", file);
    }
    String target = new ArrayList<>(rows.get(0).keySet()).get(rows.get(0).size() - 1);
    return new StreamTable(
        CsvFile.stem(file.toString()), target, rows.subList(0, Math.min(most, rows.size())));
  }

  String label(int row) {
    return rows.get(row).get(target);
  }

  /** The labels in the order in which they occur. */
  List<String> labels() {
    Set<String> labels = new LinkedHashSet<>();
    rows.forEach(row -> labels.add(row.get(target)));
    return List.copyOf(labels);
  }
}
