package io.lift.model.incontext.trees;

import io.lift.model.random.SeededRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Gradient boosting (Friedman 2001). One tree of each round serves all targets: it is grown on
 * their gradients, and its leaves have a Newton step of each. A labelled row is answered by a fit
 * that has not seen its fold. Another row is answered by the mean of fits to all rows, because few
 * labelled rows cannot spare a fold; or by the mean of the folds' fits, where the mean of many is
 * worth more: numbers are noisy.
 */
final class Boosting {
  /**
   * How it is fitted.
   *
   * @param folds for answers to the labelled rows; 0 for none
   * @param fits to all rows; 0 if those of the folds answer other rows
   * @param rounds of each fit
   * @param rate that a tree's answer is multiplied by
   * @param share of the rows that a tree is grown on
   * @param penalty of the leaves' answers, in rows for numbers
   */
  record Settings(int folds, int fits, int rounds, double rate, double share, double penalty) {}

  private static final double LEAST_CURVATURE = 1e-6;
  private static final double MOST = 6; // of a logit
  private static final double RARE = 0.5; // rows added to each label

  private final Settings settings;
  private final List<Tree> trees = new ArrayList<>(); // of the fits that answer other rows
  private final List<double[]> leaves = new ArrayList<>(); // (leaves * A) of each tree
  private final double[] start; // (A) mean of these fits
  private final double[][] leftOut; // (rows, A)
  private final int ways;
  private final int first; // of the fits that answer other rows: those from it on
  private final int answering; // how many they are

  /**
   * @param binned the rows' bins in several ways, (ways, columns, rows); the folds take turns
   * @param fold of each row
   */
  Boosting(
      byte[][][] binned,
      boolean[] categories,
      Targets targets,
      int[] fold,
      Settings settings,
      TreeGrower.Limits limits,
      long seed) {
    this.settings = settings;
    this.ways = binned.length;
    int n = targets.rows();
    int a = targets.outputs();
    this.start = new double[a];
    this.leftOut = new double[n][a];
    int fits = settings.folds() + settings.fits();
    this.first = settings.fits() == 0 ? 0 : settings.folds();
    this.answering = fits - first;
    for (int f = 0; f < fits; f++) {
      boolean[] seen = new boolean[n];
      for (int r = 0; r < n; r++) {
        seen[r] = f >= settings.folds() || fold[r] != f;
      }
      Fit fit = new Fit(binned[f % ways], categories, targets, seen, limits);
      boolean answers = f >= first;
      for (int t = 0; t < settings.rounds(); t++) {
        fit.round(new SeededRandom(seed, f, t), answers);
      }
      for (int k = 0; k < a && answers; k++) {
        start[k] += fit.start[k] / answering;
      }
      for (int r = 0; r < n; r++) {
        for (int k = 0; k < a && !seen[r]; k++) {
          leftOut[r][k] = limited(targets, fit.sum[k][r]);
        }
      }
    }
  }

  private static double limited(Targets targets, double x) {
    return targets.labels() == 0 ? x : Math.max(-MOST, Math.min(MOST, x));
  }

  /** A fit to some of the rows. */
  private final class Fit {
    private final byte[][] bins;
    private final Targets targets;
    private final boolean[] seen;
    private final double[][] gradient; // (A, rows)
    private final double[][] sum; // (A, rows) of the trees so far
    private final double[][] probability; // (A, rows); null for numbers
    private final double[] weights;
    private final double[] start; // (A)
    private final TreeGrower grower;
    private final int n;
    private final int a;

    Fit(
        byte[][] bins,
        boolean[] categories,
        Targets targets,
        boolean[] seen,
        TreeGrower.Limits limits) {
      this.bins = bins;
      this.targets = targets;
      this.seen = seen;
      this.n = seen.length;
      this.a = targets.outputs();
      this.gradient = new double[a][n];
      this.sum = new double[a][n];
      this.probability = targets.labels() == 0 ? null : new double[a][n];
      this.weights = new double[n];
      Arrays.fill(weights, 1);
      this.grower = new TreeGrower(bins, categories, gradient, null, weights, limits);
      this.start = start();
    }

    /** The answer without a column. */
    private double[] start() {
      double rows = 0;
      double[] total = new double[a];
      for (int r = 0; r < n; r++) {
        if (seen[r]) {
          rows++;
          for (int k = 0; k < a; k++) {
            total[k] += targets.values()[k][r];
          }
        }
      }
      double[] begin = new double[a];
      double center = 0;
      for (int k = 0; k < a; k++) {
        begin[k] =
            targets.labels() == 0
                ? total[k] / Math.max(1, rows)
                : a == 1
                    ? Math.log((total[k] + RARE) / (rows - total[k] + RARE))
                    : Math.log(total[k] + RARE);
        center += begin[k] / a;
      }
      for (int k = 0; k < a; k++) {
        begin[k] -= a > 1 ? center : 0;
        Arrays.fill(sum[k], begin[k]);
      }
      return begin;
    }

    void round(SeededRandom random, boolean kept) {
      gradients();
      int[] in = new int[n];
      int count = 0;
      for (int r = 0; r < n; r++) {
        if (seen[r] && (settings.share() >= 1 || random.uniform() < settings.share())) {
          in[count++] = r;
        }
      }
      Tree tree = grower.grow(in, count, random);
      double[] step = new double[tree.leaves() * a];
      double[] curvature = new double[step.length];
      for (int i = 0; i < count; i++) {
        int r = in[i];
        int at = grower.leaf(r) * a;
        for (int k = 0; k < a; k++) {
          step[at + k] += gradient[k][r];
          curvature[at + k] += curvature(k, r);
        }
      }
      double factor = settings.rate() * (a > 1 ? (a - 1.0) / a : 1);
      for (int i = 0; i < step.length; i++) {
        step[i] *= factor / (curvature[i] + settings.penalty());
      }
      for (int r = 0; r < n; r++) {
        int at = tree.leaf(bins, r) * a;
        for (int k = 0; k < a; k++) {
          sum[k][r] += step[at + k];
        }
      }
      if (kept) {
        trees.add(tree);
        leaves.add(step);
      }
    }

    private double curvature(int k, int r) {
      if (probability == null) {
        return 1;
      }
      double p = probability[k][r];
      return Math.max(LEAST_CURVATURE, p * (1 - p));
    }

    /** What the targets are more than the answers so far. */
    private void gradients() {
      for (int r = 0; r < n; r++) {
        if (!seen[r]) {
          continue;
        }
        if (probability == null) {
          gradient[0][r] = targets.values()[0][r] - sum[0][r];
          continue;
        }
        if (a == 1) {
          probability[0][r] = 1 / (1 + Math.exp(-sum[0][r]));
        } else {
          softmax(r);
        }
        for (int k = 0; k < a; k++) {
          gradient[k][r] = targets.values()[k][r] - probability[k][r];
        }
      }
    }

    private void softmax(int r) {
      double most = sum[0][r];
      for (int k = 1; k < a; k++) {
        most = Math.max(most, sum[k][r]);
      }
      double total = 0;
      for (int k = 0; k < a; k++) {
        probability[k][r] = Math.exp(sum[k][r] - most);
        total += probability[k][r];
      }
      for (int k = 0; k < a; k++) {
        probability[k][r] /= total;
      }
    }
  }

  /** What each row's answers would be without the row: logits or the number, (rows, A). */
  double[][] leftOut() {
    return leftOut;
  }

  /**
   * The answers of other rows.
   *
   * @param targets that it was fitted to
   * @param binned their bins in each way
   * @return logits or the number, (rows, A)
   */
  double[][] predict(Targets targets, byte[][][] binned) {
    int a = start.length;
    double[][] answers = new double[binned[0][0].length][];
    for (int r = 0; r < answers.length; r++) {
      answers[r] = start.clone();
    }
    for (int t = 0; t < trees.size(); t++) {
      Tree tree = trees.get(t);
      double[] step = leaves.get(t);
      byte[][] bins = binned[(first + t / settings.rounds()) % ways];
      for (int r = 0; r < answers.length; r++) {
        int at = tree.leaf(bins, r) * a;
        for (int k = 0; k < a; k++) {
          answers[r][k] += step[at + k] / answering;
        }
      }
    }
    for (double[] answer : answers) {
      for (int k = 0; k < a; k++) {
        answer[k] = limited(targets, answer[k]);
      }
    }
    return answers;
  }
}
