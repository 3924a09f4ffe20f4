package io.lift.bench.pretrain;

import java.util.List;
import java.util.Locale;

/** Means over the batches of one line of the log, of labels and of numbers. */
final class LossMeans {
  private final long started = System.nanoTime();
  private final double[] loss = new double[2];
  private final double[] score = new double[2];
  private final double[] baseline = new double[2];
  private final int[] batches = new int[2];
  private int skipped;

  /**
   * @param reports null of a step that was left out
   */
  void add(List<TransformerTraining.Report> reports) {
    if (reports == null) {
      skipped++;
      return;
    }
    for (TransformerTraining.Report report : reports) {
      int kind = report.regression() ? 1 : 0;
      loss[kind] += report.loss();
      score[kind] += report.score();
      baseline[kind] += report.baseline();
      batches[kind]++;
    }
  }

  String note() {
    return String.format(
        Locale.ROOT,
        "labels: loss %.3f, %.1f %% right; numbers: loss %.3f",
        loss[0] / Math.max(1, batches[0]),
        100 * score[0] / Math.max(1, batches[0]),
        loss[1] / Math.max(1, batches[1]));
  }

  /**
   * step, of labels loss, accuracy and that of the commonest, of numbers loss, error and that of
   * the mean, seconds, steps that were left out.
   */
  String line(long step) {
    StringBuilder line = new StringBuilder(Long.toString(step));
    for (int kind = 0; kind < 2; kind++) {
      int count = Math.max(1, batches[kind]);
      line.append(
          String.format(
              Locale.ROOT,
              ",%.4f,%.4f,%.4f",
              loss[kind] / count,
              score[kind] / count,
              baseline[kind] / count));
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    return line.append(String.format(Locale.ROOT, ",%.1f,%d%n", seconds, skipped)).toString();
  }
}
