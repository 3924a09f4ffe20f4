package io.lift.model.incontext.trees;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * Columns cut into at most 64 bins each, so that the bins on one side of a split are the bits of
 * one number. Bin 0 has missing values, and categories that are not known or too rare for a bin of
 * their own. Numbers of more values than bins are cut at quantiles.
 */
final class Bins {
  /** Bins of a column at most. */
  static final int COUNT = 64;

  private static final int VALUES = COUNT - 1; // bins that are not bin 0

  private final boolean[] categories;
  private final double[][] cuts; // of numbers the cuts, of categories the codes; rising

  /**
   * @param sorted see {@link #sorted}
   * @param shift -0.5 to 0.5: where between two quantiles the cuts are
   */
  Bins(double[][] sorted, boolean[] categories, double shift) {
    this.categories = categories;
    this.cuts = new double[sorted.length][];
    for (int c = 0; c < sorted.length; c++) {
      cuts[c] = categories[c] ? codes(sorted[c]) : cuts(sorted[c], shift);
    }
  }

  /**
   * The values of each column that are there, rising.
   *
   * @param columns (columns, rows); NaN where a value is missing
   */
  static double[][] sorted(double[][] columns) {
    return Arrays.stream(columns)
        .map(column -> Arrays.stream(column).filter(x -> !Double.isNaN(x)).sorted().toArray())
        .toArray(double[][]::new);
  }

  private static double[] cuts(double[] sorted, double shift) {
    int distinct = sorted.length == 0 ? 0 : 1;
    for (int i = 1; i < sorted.length; i++) {
      distinct += sorted[i] > sorted[i - 1] ? 1 : 0;
    }
    double[] cuts = new double[Math.max(0, Math.min(distinct, VALUES) - 1)];
    int count = 0;
    if (distinct <= VALUES) {
      for (int i = 1; i < sorted.length; i++) {
        if (sorted[i] > sorted[i - 1]) {
          cuts[count++] = sorted[i - 1] + (sorted[i] - sorted[i - 1]) / 2;
        }
      }
      return cuts;
    }
    for (int j = 0; j < cuts.length; j++) {
      int i = Math.max(1, (int) ((j + 0.5 + shift) * sorted.length / VALUES));
      while (i < sorted.length && sorted[i] == sorted[i - 1]) {
        i++; // a quantile in the midst of equal values is moved behind them
      }
      if (i < sorted.length) {
        double cut = sorted[i - 1] + (sorted[i] - sorted[i - 1]) / 2;
        if (count == 0 || cut > cuts[count - 1]) {
          cuts[count++] = cut;
        }
      }
    }
    return Arrays.copyOf(cuts, count);
  }

  /** The commonest codes. */
  private static double[] codes(double[] sorted) {
    Map<Double, Integer> counts = new TreeMap<>();
    for (double x : sorted) {
      counts.merge(x, 1, Integer::sum);
    }
    return counts.entrySet().stream()
        .sorted(Comparator.comparingInt((Map.Entry<Double, Integer> e) -> -e.getValue()))
        .limit(VALUES)
        .mapToDouble(Map.Entry::getKey)
        .sorted()
        .toArray();
  }

  /** The bin of a value in a column. */
  int bin(int column, double x) {
    if (Double.isNaN(x)) {
      return 0;
    }
    int at = Arrays.binarySearch(cuts[column], x);
    if (categories[column]) {
      return at < 0 ? 0 : at + 1;
    }
    return at < 0 ? -at : at + 1; // cuts below x, and one
  }

  /** The bins of all cells: (columns, rows). */
  byte[][] of(double[][] columns) {
    byte[][] bins = new byte[columns.length][columns[0].length];
    for (int c = 0; c < columns.length; c++) {
      for (int r = 0; r < bins[c].length; r++) {
        bins[c][r] = (byte) bin(c, columns[c][r]);
      }
    }
    return bins;
  }
}
