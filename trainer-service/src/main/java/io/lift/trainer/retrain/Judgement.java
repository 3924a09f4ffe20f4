package io.lift.trainer.retrain;

import io.lift.core.prompt.Example;
import io.lift.trainer.prompts.RoundRows;
import io.lift.trainer.prompts.TaskWindow;
import io.lift.trainer.prompts.WindowRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a retrained ensemble must surpass.
 *
 * @param rows rows that it was not trained on, with known baseline scores; the newest ones
 * @param baseline the mean log likelihood that the serving ensembles gave to their answers, in nats
 */
public record Judgement(List<Example> rows, double baseline) {
  private static final int MOST_ROWS = 1_000;

  /** Copies the list. */
  public Judgement {
    rows = List.copyOf(rows);
  }

  /** The judgement of a retraining by the rows that are in the window now. */
  public static Judgement of(Retraining retraining, TaskWindow window, BaselineScores scores) {
    Map<Long, Double> known = scores.from(retraining.heldBackFrom());
    List<WindowRow> rows = new ArrayList<>(window.rowsFrom(retraining.heldBackFrom()).fresh());
    rows.removeIf(row -> !known.containsKey(row.offset()));
    List<WindowRow> newest = rows.subList(Math.max(0, rows.size() - MOST_ROWS), rows.size());
    double mean = newest.stream().mapToDouble(row -> known.get(row.offset())).average().orElse(0);
    return new Judgement(RoundRows.examples(newest), mean);
  }
}
