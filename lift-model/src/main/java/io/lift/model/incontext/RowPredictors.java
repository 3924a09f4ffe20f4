package io.lift.model.incontext;

import io.lift.model.incontext.trees.CanonicalOrder;
import io.lift.model.incontext.trees.TreeStatistics;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What is fitted to a table's labelled rows to predict its rows: ridge regression, naive Bayes, a
 * forest, boosting, logistic and kernel regression. Labelled rows are predicted without their own
 * answers.
 */
final class RowPredictors {
  private static final int FEW_ROWS = 100;
  private static final int[] FOLDS = {8, 4}; // of few rows and of many

  private final boolean labels;
  private final int[] present; // slots that rows have
  private final double[] mean; // of the answers that are predicted
  private final ColumnEvidence evidence;
  private final RidgeInputs inputs;
  private final RidgeRegression ridge; // null where no column varies
  private final LogisticRegression logistic; // likewise, and for numbers
  private final KernelRegression kernel; // null where no column varies
  private final TreeStatistics trees;
  private final Scores leftOut;

  /**
   * Predictions of rows.
   *
   * @param ridge (rows, slots) scores of labels, nearly 0 to 1; or (rows, 1) the number
   * @param evidence (rows, slots) log-probabilities or (rows, 1), see {@link ColumnEvidence}
   * @param trees see {@link TreeStatistics.Predictions}
   * @param logistic (rows, slots) logits; null for numbers
   * @param kernel as those of ridge regression
   */
  record Scores(
      double[][] ridge,
      double[][] evidence,
      TreeStatistics.Predictions trees,
      double[][] logistic,
      double[][] kernel) {

    /** Those of one row. */
    Scores row(int r) {
      return new Scores(
          new double[][] {ridge[r]},
          new double[][] {evidence[r]},
          new TreeStatistics.Predictions(
              new double[][] {trees.forest()[r]}, new double[][] {trees.boosting()[r]}),
          logistic == null ? null : new double[][] {logistic[r]},
          new double[][] {kernel[r]});
    }
  }

  /**
   * @param context (columns, rows)
   * @param answers (rows, A), see {@link TableFeatures}
   * @param mean of the answers
   * @param order of the columns, the most useful first
   * @param columns whose cells are written
   */
  RowPredictors(
      double[][] context,
      boolean[] categories,
      double[][] answers,
      double[] mean,
      boolean labels,
      ColumnStatistics[] statistics,
      int[] order,
      int[] columns) {
    this.labels = labels;
    this.mean = labels ? mean : new double[] {mean[0]};
    this.present = IntStream.range(0, mean.length).filter(k -> mean[k] > 0).toArray();
    this.evidence = new ColumnEvidence(statistics, columns, mean, labels);
    this.inputs = new RidgeInputs(statistics, context, order);
    int n = answers.length;
    double[][] wanted = wanted(answers, labels);
    int[] slots = labels ? slots(answers) : null;
    double[] numbers = labels ? null : Arrays.stream(wanted).mapToDouble(y -> y[0]).toArray();
    CanonicalOrder rows = CanonicalOrder.of(context, slots, RowFeatures.LABELS, numbers);
    this.trees = new TreeStatistics(context, categories, slots, RowFeatures.LABELS, numbers, rows);
    double[][] x = new double[n][];
    for (int r = 0; r < n; r++) {
      x[r] = inputs.of(context, r);
    }
    boolean varies = !inputs.isEmpty();
    double[][] targets = labels ? present(wanted) : wanted;
    this.ridge = varies ? new RidgeRegression(x, targets) : null;
    this.kernel = varies ? new KernelRegression(x, inputs.numbers(), targets, rows.rows()) : null;
    this.logistic = varies && labels && present.length > 1 ? logistic(x, slots, rows) : null;
    double[][] ofColumns = new double[n][];
    double[][] ofLogistic = labels ? new double[n][] : null;
    for (int r = 0; r < n; r++) {
      ofColumns[r] = evidence.of(context, r, answers[r]);
      if (labels) {
        ofLogistic[r] = spread(logistic == null ? null : logistic.leftOut()[r]);
      }
    }
    this.leftOut =
        new Scores(
            varies ? spread(ridge.leftOut()) : means(n),
            ofColumns,
            trees.leftOut(),
            ofLogistic,
            varies ? spread(kernel.leftOut()) : means(n));
  }

  /** Indicators of the slots that rows have: (rows, present slots). */
  private double[][] present(double[][] indicators) {
    return Arrays.stream(indicators)
        .map(row -> Arrays.stream(present).mapToDouble(slot -> row[slot]).toArray())
        .toArray(double[][]::new);
  }

  /** Indicators of slots, or numbers without their squares: (rows, slots or 1). */
  static double[][] wanted(double[][] answers, boolean labels) {
    return labels
        ? answers
        : Arrays.stream(answers).map(a -> new double[] {a[0]}).toArray(double[][]::new);
  }

  /** The label slot of each row. */
  static int[] slots(double[][] answers) {
    return Arrays.stream(answers)
        .mapToInt(
            a -> IntStream.range(0, a.length).filter(k -> a[k] == 1).findFirst().orElseThrow())
        .toArray();
  }

  /** The slots that rows have. */
  int[] present() {
    return present;
  }

  /** The place of each row's slot among those that rows have. */
  int[] places(int[] slots) {
    return Arrays.stream(slots).map(slot -> Arrays.binarySearch(present, slot)).toArray();
  }

  private LogisticRegression logistic(double[][] x, int[] slots, CanonicalOrder rows) {
    int folds = Math.min(x.length, FOLDS[x.length < FEW_ROWS ? 0 : 1]);
    return new LogisticRegression(
        x, places(slots), present.length, rows.folds(slots, folds), folds);
  }

  /** Scores of the labels that rows have in their slots; numbers as they are. */
  private double[] spread(double[] scores) {
    if (!labels) {
      return scores;
    }
    double[] all = new double[RowFeatures.LABELS];
    for (int k = 0; scores != null && k < present.length; k++) {
      all[present[k]] = scores[k];
    }
    return all;
  }

  private double[][] spread(double[][] scores) {
    return Arrays.stream(scores).map(this::spread).toArray(double[][]::new);
  }

  private double[][] means(int rows) {
    double[][] means = new double[rows][];
    Arrays.fill(means, mean);
    return means;
  }

  /** Predictions of the labelled rows, each without its own answer. */
  Scores leftOut() {
    return leftOut;
  }

  /**
   * Predictions of queries.
   *
   * @param queries (columns, rows)
   */
  Scores predict(double[][] queries) {
    int count = queries[0].length;
    double[][] ofColumns = new double[count][];
    double[][] ofRidge = means(count);
    double[][] ofKernel = means(count);
    double[][] ofLogistic = labels ? new double[count][] : null;
    for (int r = 0; r < count; r++) {
      ofColumns[r] = evidence.of(queries, r, null);
      double[] x = inputs.of(queries, r);
      if (ridge != null) {
        ofRidge[r] = spread(ridge.predict(x));
        ofKernel[r] = spread(kernel.predict(x));
      }
      if (labels) {
        ofLogistic[r] = spread(logistic == null ? null : logistic.predict(x));
      }
    }
    return new Scores(ofRidge, ofColumns, trees.predict(queries), ofLogistic, ofKernel);
  }
}
