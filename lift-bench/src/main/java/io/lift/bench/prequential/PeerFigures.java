package io.lift.bench.prequential;

import io.lift.cli.table.CsvFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Accuracies of other learners on the same streams, as a file beside the streams has them: a column
 * {@code stream}, and one column in percent for each learner.
 *
 * @param byStream for each stream, the accuracy of each learner, 0..1
 */
record PeerFigures(Map<String, Map<String, Double>> byStream) {
  private static final String STREAM = "stream";

  /** Reads the file of a folder; there are no figures if there is no file. */
  static PeerFigures read(Path folder) {
    Path file = folder.resolve(StreamTable.PEERS);
    Map<String, Map<String, Double>> byStream = new LinkedHashMap<>();
    if (Files.exists(file)) {
      for (Map<String, String> row : CsvFile.readAll(file.toString())) {
        Map<String, Double> accuracies = new LinkedHashMap<>();
        row.forEach(
            (column, text) -> {
              if (!column.equals(STREAM)) {
                accuracies.put(column, Double.parseDouble(text) / 100);
              }
            });
        byStream.put(row.get(STREAM), accuracies);
      }
    }
    return new PeerFigures(byStream);
  }

  /** The learners' accuracies on a stream; empty for a stream without figures. */
  Map<String, Double> of(String stream) {
    return byStream.getOrDefault(stream, Map.of());
  }
}
