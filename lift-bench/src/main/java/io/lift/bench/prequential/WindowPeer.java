package io.lift.bench.prequential;

import io.lift.bench.baseline.Baseline;
import io.lift.bench.baseline.Fitted;
import java.util.List;
import java.util.Map;

/**
 * A batch learner on a stream: fitted anew every 100 rows on the newest 1,000, which is what one
 * would write by hand. Before the first fit it has no answer.
 */
final class WindowPeer {
  private static final int WINDOW = 1_000;
  private static final int EVERY = 100;

  private final Baseline baseline;

  /**
   * @param baseline a learner with one setting
   */
  WindowPeer(Baseline baseline) {
    this.baseline = baseline;
  }

  Prequential run(StreamTable table) {
    Prequential score = new Prequential(table);
    List<Map<String, String>> rows = table.rows();
    List<String> labels = table.labels();
    for (int from = EVERY; from < rows.size(); from += EVERY) {
      List<Map<String, String>> window = rows.subList(Math.max(0, from - WINDOW), from);
      Fitted fitted = new Fitted(baseline, table.target(), labels, window, List.of());
      int to = Math.min(rows.size(), from + EVERY);
      var answers = fitted.answer(rows.subList(from, to));
      for (int row = from; row < to; row++) {
        score.answer(row, answers.get(row - from));
      }
    }
    return score;
  }
}
