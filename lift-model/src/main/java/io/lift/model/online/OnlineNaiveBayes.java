package io.lift.model.online;

import io.lift.model.decoder.Softmax;
import java.util.Arrays;
import java.util.List;

/**
 * Naive Bayes over counts. Numbers are counted in tenths of the rows that they were scaled with. A
 * missing cell says nothing.
 */
public final class OnlineNaiveBayes implements OnlineLearner {
  private static final int TENTHS = 10;
  private static final double UNSEEN = 0.5; // rows that each value counts as beforehand

  private final int[][] bounds; // of a column of numbers; null for categories
  private final int[] values; // how many there are in each column
  private final int labels; // K
  private final double[][] counts; // (columns, values of the column x K)
  private final double[][] present; // (columns, K)
  private final double[] rows; // (K)

  /**
   * @param categories of each column; 0 for a column of numbers
   * @param labels K
   * @param scaling cells of rows that say how numbers are divided; nothing is learned from them
   */
  public OnlineNaiveBayes(int[] categories, int labels, List<int[]> scaling) {
    this.labels = labels;
    this.bounds = new int[categories.length][];
    this.values = new int[categories.length];
    this.counts = new double[categories.length][];
    this.present = new double[categories.length][labels];
    this.rows = new double[labels];
    for (int c = 0; c < categories.length; c++) {
      bounds[c] = categories[c] == 0 ? tenths(c, scaling) : null;
      values[c] = categories[c] == 0 ? bounds[c].length + 1 : categories[c];
      counts[c] = new double[values[c] * labels];
    }
  }

  private OnlineNaiveBayes(OnlineNaiveBayes other) {
    this.bounds = other.bounds;
    this.values = other.values;
    this.labels = other.labels;
    this.counts = Arrays.stream(other.counts).map(double[]::clone).toArray(double[][]::new);
    this.present = Arrays.stream(other.present).map(double[]::clone).toArray(double[][]::new);
    this.rows = other.rows.clone();
  }

  /** The cells that divide a column into parts with as many rows each, as far as they differ. */
  private static int[] tenths(int column, List<int[]> scaling) {
    int[] cells =
        scaling.stream().mapToInt(row -> row[column]).filter(cell -> cell >= 0).sorted().toArray();
    int[] bounds = new int[TENTHS - 1];
    int found = 0;
    for (int t = 1; t < TENTHS && cells.length > 0; t++) {
      int bound = cells[cells.length * t / TENTHS];
      if (found == 0 ? bound > cells[0] : bound > bounds[found - 1]) {
        bounds[found++] = bound;
      }
    }
    return Arrays.copyOf(bounds, found);
  }

  private int value(int column, int cell) {
    if (bounds[column] == null) {
      return cell;
    }
    int part = 0;
    while (part < bounds[column].length && cell >= bounds[column][part]) {
      part++;
    }
    return part;
  }

  @Override
  public void learn(int[] cells, int label) {
    rows[label]++;
    for (int c = 0; c < cells.length; c++) {
      if (cells[c] >= 0) {
        counts[c][value(c, cells[c]) * labels + label]++;
        present[c][label]++;
      }
    }
  }

  @Override
  public double[] probabilities(int[] cells) {
    double[] logits = new double[labels];
    for (int k = 0; k < labels; k++) {
      logits[k] = Math.log(rows[k] + UNSEEN);
    }
    for (int c = 0; c < cells.length; c++) {
      if (cells[c] < 0) {
        continue;
      }
      int at = value(c, cells[c]) * labels;
      for (int k = 0; k < labels; k++) {
        logits[k] += Math.log((counts[c][at + k] + UNSEEN) / (present[c][k] + UNSEEN * values[c]));
      }
    }
    return Softmax.of(logits);
  }

  @Override
  public OnlineLearner copy() {
    return new OnlineNaiveBayes(this);
  }
}
