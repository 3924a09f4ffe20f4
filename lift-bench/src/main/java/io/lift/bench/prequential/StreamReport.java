package io.lift.bench.prequential;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lift.cli.base.CliException;
import io.lift.cli.term.Terminal;
import io.lift.cli.term.TextTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The figures of the streams that have been run, as lines, as a table and as JSON. */
final class StreamReport {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int PARTS = 12;

  private final ArrayNode streams = JSON.createArrayNode();
  private final TextTable table =
      new TextTable(
          "stream",
          "Lift",
          "window peer",
          "best of the file's",
          "majority",
          "oldest checkpoint",
          "p99");
  private final double[] sums = new double[3];

  /**
   * Adds a stream.
   *
   * @param result what came of it
   * @param peer the window peer's figures; null if it was not run
   * @param file accuracies of other learners, 0..1; may be empty
   * @param drifts rows at which a known drift begins, ascending
   */
  void add(
      StreamTable stream,
      StreamTrial.Result result,
      Prequential peer,
      Map<String, Double> file,
      List<Integer> drifts) {
    Prequential score = result.score();
    ObjectNode node = streams.addObject();
    node.put("stream", stream.name()).put("rows", stream.rows().size());
    node.put("answered", score.answers());
    node.put("accuracy", score.accuracy()).put("log_loss", score.logLoss());
    node.put("majority", score.majority());
    node.put("latency_p50_ms", result.latencies().quantile(0.5));
    node.put("latency_p99_ms", result.latencies().quantile(0.99));
    node.put("checkpoints", result.checkpoints());
    if (!Double.isNaN(result.oldest())) {
      node.put("oldest_checkpoint_s", result.oldest());
    }
    node.set("twelfths", JSON.valueToTree(score.parts(PARTS)));
    ObjectNode recovered = node.putObject("rows_until_recovered");
    for (int d = 0; d < drifts.size(); d++) {
      int next = d + 1 < drifts.size() ? drifts.get(d + 1) : stream.rows().size();
      recovered.put(Integer.toString(drifts.get(d)), score.rowsUntilRecovered(drifts.get(d), next));
    }
    if (peer != null) {
      node.put("window_peer_accuracy", peer.accuracy());
      node.put("window_peer_log_loss", peer.logLoss());
    }
    node.set("file_peers", JSON.valueToTree(file));
    double best = file.values().stream().max(Double::compare).orElse(Double.NaN);
    double[] row = {score.accuracy(), peer == null ? Double.NaN : peer.accuracy(), best};
    for (int i = 0; i < sums.length; i++) {
      sums[i] += row[i];
    }
    table.row(
        stream.name(),
        percent(row[0]),
        percent(row[1]),
        percent(row[2]),
        percent(score.majority()),
        Double.isNaN(result.oldest()) ? "none" : "%.1f s".formatted(result.oldest()),
        "%.0f ms".formatted(result.latencies().quantile(0.99)));
  }

  void print(Terminal terminal) {
    if (streams.size() > 1) {
      int n = streams.size();
      table.row(
          "mean", percent(sums[0] / n), percent(sums[1] / n), percent(sums[2] / n), "", "", "");
    }
    terminal.out().println(table.render(terminal));
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "" : "%.1f %%".formatted(100 * share);
  }

  void write(Path file) {
    try {
      Files.writeString(
          file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(streams) + "\n");
    } catch (IOException e) {
      throw new CliException(e, "Cannot write " + file + ".");
    }
  }
}
