package io.lift.model.incontext.trees;

import io.lift.model.decoder.Softmax;

/**
 * Gradient boosting on all rows, for answers to other rows. It takes a third of the time of {@link
 * TreeStatistics}, which answer the labelled rows too.
 */
public final class BoostedTrees {
  private static final long SEED = 20_261_130;
  private static final int DEPTH = 6;
  private static final double RATE = 0.2;
  private static final double MOST_RATE = 0.3;
  private static final double SHARE = 0.7; // of the rows, for one tree
  private static final double PENALTY = 0.5;
  private static final int[] ROUNDS = {15, 40};

  /** Rows times columns times outputs times trees that are affordable. */
  private static final double WORK = 400_000;

  private final Targets targets;
  private final Bins bins;
  private final Boosting boosting;

  /**
   * @param columns (columns, rows): numbers or codes of categories, NaN where one is missing
   * @param categories whether each column has categories
   * @param given labels of the rows, 0 to {@code labels - 1}
   * @param labels how many there are, at least two
   */
  public BoostedTrees(double[][] columns, boolean[] categories, int[] given, int labels) {
    int n = given.length;
    this.targets = Targets.ofLabels(given, labels);
    this.bins = new Bins(Bins.sorted(columns), categories, 0);
    double each = (double) n * columns.length * (1 + (targets.outputs() - 1) / 2.0);
    int rounds = Settings.between(WORK / each, ROUNDS);
    double rate = RATE * ROUNDS[1] / rounds;
    this.boosting =
        new Boosting(
            new byte[][][] {bins.of(columns)},
            categories,
            targets,
            new int[n],
            new Boosting.Settings(0, 1, rounds, Math.min(MOST_RATE, rate), SHARE, PENALTY),
            new TreeGrower.Limits(DEPTH, 2, columns.length, 1),
            SEED);
  }

  /**
   * Answers rows.
   *
   * @param columns (columns, rows) as those fitted to
   * @return (rows, labels), each row summing to 1
   */
  public double[][] probabilities(double[][] columns) {
    double[][] logits = boosting.predict(targets, new byte[][][] {bins.of(columns)});
    double[][] probabilities = new double[logits.length][];
    for (int r = 0; r < logits.length; r++) {
      probabilities[r] = targets.outputs() == 1 ? ofTwo(logits[r][0]) : Softmax.of(logits[r]);
    }
    return probabilities;
  }

  private static double[] ofTwo(double logit) {
    double second = 1 / (1 + Math.exp(-logit));
    return new double[] {1 - second, second};
  }
}
