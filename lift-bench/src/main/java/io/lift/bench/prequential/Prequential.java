package io.lift.bench.prequential;

import io.lift.core.answer.Answer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How well the rows of a stream were predicted, each before it was learned. A row without an answer
 * counts as wrong, with equal probabilities for all labels. Not thread-safe.
 */
final class Prequential {
  /** Rows over which the accuracy after a drift is taken. */
  private static final int RECOVERY_WINDOW = 100;

  /** Share of the accuracy at a concept's end that counts as recovered. */
  private static final double RECOVERED = 0.95;

  /** Rows at a concept's end whose accuracy is the best of the concept. */
  private static final int LEVEL_ROWS = 500;

  /** A probability of 0 would make the log loss infinite. */
  private static final double LEAST = 1e-6;

  private final StreamTable table;
  private final int labels;
  private final boolean[] answered;
  private final boolean[] right;
  private final double[] loss;

  Prequential(StreamTable table) {
    this.table = table;
    labels = table.labels().size();
    answered = new boolean[table.rows().size()];
    right = new boolean[answered.length];
    loss = new double[answered.length];
    Arrays.fill(loss, Math.log(labels));
  }

  /** Takes the first answer to a row. */
  void answer(int row, Answer answer) {
    if (answered[row]) {
      return;
    }
    answered[row] = true;
    right[row] = answer.label().equals(table.label(row));
    double probability = answer.probabilities().getOrDefault(table.label(row), 0.0);
    loss[row] = -Math.log(Math.max(LEAST, probability));
  }

  /** Rows with an answer. */
  int answers() {
    int count = 0;
    for (boolean each : answered) {
      count += each ? 1 : 0;
    }
    return count;
  }

  /** Accuracy over all rows, 0..1. */
  double accuracy() {
    return accuracy(0, right.length);
  }

  /** Accuracy over the rows from the first to below the second, 0..1. */
  double accuracy(int from, int to) {
    int count = 0;
    for (int row = from; row < to; row++) {
      count += right[row] ? 1 : 0;
    }
    return count / (double) (to - from);
  }

  /** Mean of minus the logarithm of the truth's probability. */
  double logLoss() {
    return Arrays.stream(loss).average().orElseThrow();
  }

  /** The share of the most frequent label, 0..1. */
  double majority() {
    Map<String, Integer> counts = new HashMap<>();
    table.rows().forEach(row -> counts.merge(row.get(table.target()), 1, Integer::sum));
    return counts.values().stream().max(Integer::compare).orElseThrow()
        / (double) table.rows().size();
  }

  /** Accuracy in equal parts of the stream, in order. */
  List<Double> parts(int count) {
    List<Double> parts = new ArrayList<>();
    for (int part = 0; part < count; part++) {
      int from = part * right.length / count;
      int to = (part + 1) * right.length / count;
      if (from < to) {
        parts.add(accuracy(from, to));
      }
    }
    return parts;
  }

  /**
   * Rows from a drift until 100 rows in a row have 95 % of the accuracy that is reached at the end
   * of the new concept.
   *
   * @param drift the first row of the new concept
   * @param next the first row of the concept after it, or the number of rows
   */
  int rowsUntilRecovered(int drift, int next) {
    double level = accuracy(Math.max(drift, next - LEVEL_ROWS), next);
    for (int to = drift + RECOVERY_WINDOW; to <= next; to++) {
      if (accuracy(to - RECOVERY_WINDOW, to) >= RECOVERED * level) {
        return to - drift;
      }
    }
    return next - drift;
  }
}
