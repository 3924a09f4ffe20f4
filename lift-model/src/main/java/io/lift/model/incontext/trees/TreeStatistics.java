package io.lift.model.incontext.trees;

import java.util.Arrays;

/**
 * What a forest and boosting predict: of labelled rows without their own answers, and of other
 * rows. They depend on the rows alone, not on the order of rows, columns or labels.
 */
public final class TreeStatistics {
  private static final long SEED = 20_261_129;
  private static final int WAYS = 4; // to cut the columns

  private final int slots;
  private final CanonicalOrder order;
  private final Targets targets;
  private final Bins[] bins;
  private final Forest forest;
  private final Boosting boosting;
  private final Predictions leftOut;

  /**
   * Predictions of rows.
   *
   * @param forest (rows, slots) probabilities; or (rows, 2), a number's mean and mean square
   * @param boosting (rows, slots) logits, whose mean over the labels of rows is 0; or (rows, 1) the
   *     number
   */
  public record Predictions(double[][] forest, double[][] boosting) {}

  /**
   * @param columns (columns, rows): numbers or codes of categories, NaN where one is missing
   * @param categories whether each column has categories
   * @param labels of the rows, 0 to {@code slots - 1}; null for numbers
   * @param numbers of the rows; null for labels
   * @param order of these
   */
  public TreeStatistics(
      double[][] columns,
      boolean[] categories,
      int[] labels,
      int slots,
      double[] numbers,
      CanonicalOrder order) {
    this.slots = slots;
    this.order = order;
    int n = columns[0].length;
    double[][] ordered = ordered(columns, order.rows());
    boolean[] kinds = new boolean[columns.length];
    for (int c = 0; c < kinds.length; c++) {
      kinds[c] = categories[order.columns()[c]];
    }
    if (labels == null) {
      targets =
          Targets.ofNumbers(Arrays.stream(order.rows()).mapToDouble(r -> numbers[r]).toArray());
    } else {
      int[] place = new int[slots];
      for (int k = 0; k < order.labels().length; k++) {
        place[order.labels()[k]] = k;
      }
      targets =
          Targets.ofLabels(
              Arrays.stream(order.rows()).map(r -> place[labels[r]]).toArray(),
              order.labels().length);
    }
    Settings settings = Settings.of(n, columns.length, targets.outputs(), labels != null);
    double[][] sorted = Bins.sorted(ordered);
    this.bins = new Bins[WAYS];
    for (int w = 0; w < WAYS; w++) {
      bins[w] = new Bins(sorted, kinds, (w + 0.5) / WAYS - 0.5);
    }
    byte[][][] binned = binned(ordered);
    int[] given = order.folds(labels, settings.boosting().folds());
    int[] folds = Arrays.stream(order.rows()).map(r -> given[r]).toArray();
    this.forest =
        new Forest(bins, binned, kinds, targets, settings.trees(), settings.forest(), SEED);
    this.boosting =
        new Boosting(
            binned, kinds, targets, folds, settings.boosting(), settings.boostingTrees(), SEED);
    Predictions inOrder = predictions(forest.leftOut(), boosting.leftOut());
    double[][] ofForest = new double[n][];
    double[][] ofBoosting = new double[n][];
    for (int r = 0; r < n; r++) {
      ofForest[order.rows()[r]] = inOrder.forest()[r];
      ofBoosting[order.rows()[r]] = inOrder.boosting()[r];
    }
    this.leftOut = new Predictions(ofForest, ofBoosting);
  }

  /**
   * Fits to labels.
   *
   * @param columns (columns, rows): numbers or codes of categories, NaN where one is missing
   * @param categories whether each column has categories
   * @param labels of the rows, 0 to {@code slots - 1}
   */
  public static TreeStatistics ofLabels(
      double[][] columns, boolean[] categories, int[] labels, int slots) {
    return new TreeStatistics(
        columns, categories, labels, slots, null, CanonicalOrder.of(columns, labels, slots, null));
  }

  /** Fits to numbers. */
  public static TreeStatistics ofNumbers(
      double[][] columns, boolean[] categories, double[] numbers) {
    return new TreeStatistics(
        columns, categories, null, 0, numbers, CanonicalOrder.of(columns, null, 0, numbers));
  }

  /** Predictions of the labelled rows, each without its own answer. */
  public Predictions leftOut() {
    return leftOut;
  }

  /**
   * Predictions of other rows.
   *
   * @param columns (columns, rows) as those fitted to
   */
  public Predictions predict(double[][] columns) {
    int[] rows = new int[columns[0].length];
    Arrays.setAll(rows, r -> r);
    byte[][][] binned = binned(ordered(columns, rows));
    return predictions(forest.predict(binned), boosting.predict(targets, binned));
  }

  private double[][] ordered(double[][] columns, int[] rows) {
    double[][] ordered = new double[columns.length][rows.length];
    for (int c = 0; c < columns.length; c++) {
      double[] from = columns[order.columns()[c]];
      for (int r = 0; r < rows.length; r++) {
        ordered[c][r] = from[rows[r]];
      }
    }
    return ordered;
  }

  private byte[][][] binned(double[][] ordered) {
    byte[][][] binned = new byte[WAYS][][];
    for (int w = 0; w < WAYS; w++) {
      binned[w] = bins[w].of(ordered);
    }
    return binned;
  }

  private Predictions predictions(double[][] ofForest, double[][] ofBoosting) {
    if (order.labels() == null) {
      return new Predictions(ofForest, ofBoosting);
    }
    int[] labels = order.labels();
    double[][] probabilities = new double[ofForest.length][slots];
    double[][] logits = new double[ofForest.length][slots];
    for (int r = 0; r < probabilities.length; r++) {
      if (labels.length == 1) {
        probabilities[r][labels[0]] = 1;
      } else if (labels.length == 2) {
        probabilities[r][labels[0]] = 1 - ofForest[r][0];
        probabilities[r][labels[1]] = ofForest[r][0];
        logits[r][labels[0]] = -ofBoosting[r][0] / 2;
        logits[r][labels[1]] = ofBoosting[r][0] / 2;
      } else {
        double mean = Arrays.stream(ofBoosting[r]).average().orElse(0);
        for (int k = 0; k < labels.length; k++) {
          probabilities[r][labels[k]] = ofForest[r][k];
          logits[r][labels[k]] = ofBoosting[r][k] - mean;
        }
      }
    }
    return new Predictions(probabilities, logits);
  }
}
