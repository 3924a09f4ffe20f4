package io.lift.bench.paper;

import io.lift.core.table.CsvTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the paper reports, from {@code figures.csv}: facts of others, nothing measured here. */
final class PaperFigures {
  private static final String FILE = "figures.csv";

  private final List<Line> lines = new ArrayList<>();

  /**
   * One figure of the paper.
   *
   * @param variant empty for the plain way
   * @param method as the paper calls it
   * @param value a share (0..1) where the paper has percent
   */
  record Line(
      String experiment,
      String set,
      String variant,
      String method,
      String measure,
      Estimate value) {}

  PaperFigures() {
    try (CsvTable table = CsvTable.open(FILE, PaperFigures.class.getResourceAsStream(FILE), null)) {
      for (Map<String, String> row : table) {
        String deviation = row.get("deviation");
        lines.add(
            new Line(
                row.get("experiment"),
                row.get("set"),
                row.get("variant"),
                row.get("method"),
                row.get("measure"),
                new Estimate(
                    Double.parseDouble(row.get("value")),
                    deviation.isBlank() ? null : Double.valueOf(deviation),
                    0)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(FILE, e);
    }
  }

  List<Line> all() {
    return lines;
  }

  /** The figures of one experiment's measure, in the file's order. */
  List<Line> of(Experiment experiment, Measure measure) {
    return lines.stream()
        .filter(line -> line.experiment().equals(experiment.name()))
        .filter(line -> line.measure().equals(measure.key()))
        .toList();
  }
}
