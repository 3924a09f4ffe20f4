package io.lift.trainer.publish;

import io.lift.messages.CheckpointManifest;
import java.util.Map;

/**
 * What the ensemble of a lineage was started with. An ensemble does not grow afterwards; only a
 * retraining replaces it. Each manifest carries these values among its metrics, so that a trainer
 * that takes over knows them.
 *
 * @param rows that it was first trained on; 0 if the manifest does not say
 * @param budget as {@link io.lift.model.FineTuning#budget}; 0 if the manifest does not say, or if
 *     no budget chose the members
 */
public record LineageOrigin(double rows, double budget) {
  private static final String ROWS = "originRows";
  private static final String BUDGET = "originBudget";

  /** Reads the values of a manifest. */
  public static LineageOrigin of(CheckpointManifest manifest) {
    Map<String, Double> metrics = manifest.metrics() == null ? Map.of() : manifest.metrics();
    return new LineageOrigin(metrics.getOrDefault(ROWS, 0.0), metrics.getOrDefault(BUDGET, 0.0));
  }

  /** Adds the values that are known to the metrics of a manifest. */
  public void addTo(Map<String, Double> metrics) {
    if (rows > 0) {
      metrics.put(ROWS, rows);
    }
    if (budget > 0) {
      metrics.put(BUDGET, budget);
    }
  }
}
