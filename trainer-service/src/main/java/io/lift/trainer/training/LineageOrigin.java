package io.lift.trainer.training;

import io.lift.messages.CheckpointManifest;
import java.util.Map;

/**
 * What the committee of a lineage was begun with: it never grows afterwards, until it is renewed.
 * Each manifest carries it among its metrics, so that a trainer that takes over knows it.
 *
 * @param rows that it learnt from the start; 0 if the manifest does not say
 * @param budget as {@link io.lift.model.FineTuning#budget}; 0 if it does not say, or if none chose
 *     the members
 */
record LineageOrigin(double rows, double budget) {
  private static final String ROWS = "begunRows";
  private static final String BUDGET = "begunBudget";

  static LineageOrigin of(CheckpointManifest manifest) {
    Map<String, Double> metrics = manifest.metrics() == null ? Map.of() : manifest.metrics();
    return new LineageOrigin(metrics.getOrDefault(ROWS, 0.0), metrics.getOrDefault(BUDGET, 0.0));
  }

  void into(Map<String, Double> metrics) {
    if (rows > 0) {
      metrics.put(ROWS, rows);
    }
    if (budget > 0) {
      metrics.put(BUDGET, budget);
    }
  }
}
