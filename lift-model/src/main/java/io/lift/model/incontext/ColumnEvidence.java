package io.lift.model.incontext;

/**
 * What the columns say of a row one by one: naive Bayes of labels, and the sum of the local means
 * of a number.
 */
final class ColumnEvidence {
  private static final double LEAST_SHARE = 1e-3;

  private final ColumnStatistics[] statistics;
  private final int[] columns;
  private final double[] mean; // of the answers
  private final boolean labels;

  /**
   * @param columns those that are looked at
   */
  ColumnEvidence(ColumnStatistics[] statistics, int[] columns, double[] mean, boolean labels) {
    this.statistics = statistics;
    this.columns = columns;
    this.mean = mean;
    this.labels = labels;
  }

  /**
   * Of labels the logarithms of their probabilities less the mean of those that rows have, and 0
   * for others; of numbers the sum. Both are divided by the root of the number of columns.
   *
   * @param table (columns, rows)
   * @param own the row's own answer, which is left out; null for a query
   */
  double[] of(double[][] table, int row, double[] own) {
    double[] near = new double[mean.length];
    double[] evidence = new double[labels ? mean.length : 1];
    for (int c : columns) {
      statistics[c].near(statistics[c].place(table[c][row]), 1, own, near);
      if (!labels) {
        evidence[0] += near[0];
        continue;
      }
      for (int k = 0; k < near.length; k++) {
        if (mean[k] > 0) {
          evidence[k] += Math.log(Math.max(LEAST_SHARE, near[k]) / mean[k]);
        }
      }
    }
    double center = 0;
    if (labels) {
      int present = 0;
      for (int k = 0; k < evidence.length; k++) {
        if (mean[k] > 0) {
          evidence[k] += Math.log(mean[k]);
          center += evidence[k];
          present++;
        }
      }
      center /= present;
    }
    double scale = Math.sqrt(columns.length);
    for (int k = 0; k < evidence.length; k++) {
      evidence[k] = !labels || mean[k] > 0 ? (evidence[k] - center) / scale : 0;
    }
    return evidence;
  }
}
