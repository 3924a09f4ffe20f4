package io.lift.model.incontext.trees;

import io.lift.model.random.SeededRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A random forest (Breiman 2001): trees on bootstrap samples, each split among some columns that
 * are drawn. A labelled row is answered by the trees whose sample it is not in.
 */
final class Forest {
  private static final double PRIOR_TREES = 0.5; // that the mean of all rows weighs

  private final Bins[] bins; // of the trees in turn
  private final List<Tree> trees = new ArrayList<>();
  private final List<double[]> leaves = new ArrayList<>(); // (leaves * S) means of each tree
  private final double[] prior; // (S)
  private final double[][] leftOut; // (rows, S): as many as targets, and a number's square

  /**
   * @param bins ways to cut the columns
   * @param binned the rows' bins in each way, (ways, columns, rows)
   * @param trees how many
   */
  Forest(
      Bins[] bins,
      byte[][][] binned,
      boolean[] categories,
      Targets targets,
      int trees,
      TreeGrower.Limits limits,
      long seed) {
    this.bins = bins;
    int n = targets.rows();
    double[][] moments = moments(targets);
    int s = moments.length;
    this.prior = new double[s];
    for (int i = 0; i < s; i++) {
      prior[i] = Arrays.stream(moments[i]).sum() / n;
    }
    double[] weights = new double[n];
    TreeGrower[] growers = new TreeGrower[bins.length];
    for (int b = 0; b < bins.length; b++) {
      growers[b] =
          new TreeGrower(binned[b], categories, targets.values(), targets.hot(), weights, limits);
    }
    this.leftOut = new double[n][s];
    int[] answers = new int[n];
    int[] in = new int[n];
    for (int t = 0; t < trees; t++) {
      SeededRandom random = new SeededRandom(seed, t);
      Arrays.fill(weights, 0);
      for (int i = 0; i < n; i++) {
        weights[(int) (random.uniform() * n)]++;
      }
      int count = 0;
      for (int r = 0; r < n; r++) {
        if (weights[r] > 0) {
          in[count++] = r;
        }
      }
      TreeGrower grower = growers[t % bins.length];
      Tree tree = grower.grow(in, count, random);
      double[] means = new double[tree.leaves() * s];
      double[] sum = new double[tree.leaves()];
      for (int i = 0; i < count; i++) {
        int r = in[i];
        int leaf = grower.leaf(r);
        sum[leaf] += weights[r];
        for (int k = 0; k < s; k++) {
          means[leaf * s + k] += weights[r] * moments[k][r];
        }
      }
      for (int i = 0; i < means.length; i++) {
        means[i] /= sum[i / s];
      }
      for (int r = 0; r < n; r++) {
        if (weights[r] == 0) {
          add(means, tree.leaf(binned[t % bins.length], r), leftOut[r]);
          answers[r]++;
        }
      }
      this.trees.add(tree);
      leaves.add(means);
    }
    for (int r = 0; r < n; r++) {
      finish(leftOut[r], answers[r]);
    }
  }

  /** The targets, and of numbers their squares. */
  private static double[][] moments(Targets targets) {
    if (targets.labels() > 0) {
      return targets.values();
    }
    double[] y = targets.values()[0];
    return new double[][] {y, Arrays.stream(y).map(x -> x * x).toArray()};
  }

  private void add(double[] means, int leaf, double[] to) {
    for (int k = 0; k < to.length; k++) {
      to[k] += means[leaf * to.length + k];
    }
  }

  private void finish(double[] sum, int count) {
    for (int k = 0; k < sum.length; k++) {
      sum[k] = (sum[k] + PRIOR_TREES * prior[k]) / (count + PRIOR_TREES);
    }
  }

  /** What each row's targets would be without the row: (rows, S). */
  double[][] leftOut() {
    return leftOut;
  }

  /**
   * The targets of other rows.
   *
   * @param binned their bins in each way, see {@link Bins#of}
   * @return (rows, S)
   */
  double[][] predict(byte[][][] binned) {
    double[][] answers = new double[binned[0][0].length][prior.length];
    for (int t = 0; t < trees.size(); t++) {
      Tree tree = trees.get(t);
      byte[][] some = binned[t % bins.length];
      for (int r = 0; r < answers.length; r++) {
        add(leaves.get(t), tree.leaf(some, r), answers[r]);
      }
    }
    for (double[] answer : answers) {
      finish(answer, trees.size());
    }
    return answers;
  }
}
