package io.lift.bench.pretrain;

import io.lift.model.random.SeededRandom;
import java.util.Arrays;

/**
 * Whether anything can be predicted of a table: extremely randomised trees (Geurts et al. 2006),
 * each on a bootstrap sample, have a smaller squared error on the rows that they did not see than
 * the mean has.
 */
final class Learnable {
  private static final int TREES = 16;
  private static final int DEPTH = 6;
  private static final int SMALLEST = 2;
  private static final int MOST_ROWS = 256;
  private static final int MOST_CLASSES = 4; // of the targets that are looked at
  private static final double LEAST_SHARE = 0.03; // of the variance that is explained

  private final double[][] columns;
  private final double[][] targets; // (targets, rows)
  private final Draws draws;
  private final int[] in; // rows of one tree, drawn with replacement
  private final double[][] sum; // (targets, rows) of the trees' answers to rows they did not see
  private final int[] answers;

  private Learnable(double[][] columns, double[][] targets, int rows, Draws draws) {
    this.columns = columns;
    this.targets = targets;
    this.draws = draws;
    this.in = new int[rows];
    this.sum = new double[targets.length][rows];
    this.answers = new int[rows];
  }

  static boolean isLearnable(PriorTable table, SeededRandom random) {
    int rows = Math.min(MOST_ROWS, table.rows());
    double[][] targets;
    if (table.numbers() != null) {
      targets = new double[][] {NodeFunctions.standard(Arrays.copyOf(table.numbers(), rows))};
    } else {
      targets = new double[Math.min(MOST_CLASSES, table.classes())][rows];
      for (int r = 0; r < rows; r++) {
        if (table.labels()[r] < targets.length) {
          targets[table.labels()[r]][r] = 1;
        }
      }
    }
    return new Learnable(table.columns(), targets, rows, new Draws(random)).explained()
        > LEAST_SHARE;
  }

  private double explained() {
    int rows = answers.length;
    for (int t = 0; t < TREES; t++) {
      boolean[] seen = new boolean[rows];
      for (int i = 0; i < rows; i++) {
        in[i] = draws.integer(0, rows - 1);
        seen[in[i]] = true;
      }
      int[] out = new int[rows];
      int count = 0;
      for (int r = 0; r < rows; r++) {
        if (!seen[r]) {
          out[count++] = r;
        }
      }
      grow(0, rows, Arrays.copyOf(out, count), count, 0);
    }
    double error = 0;
    double total = 0;
    for (int k = 0; k < targets.length; k++) {
      double mean = Arrays.stream(targets[k], 0, rows).average().orElse(0);
      for (int r = 0; r < rows; r++) {
        if (answers[r] > 0) {
          double e = targets[k][r] - sum[k][r] / answers[r];
          error += e * e;
          total += (targets[k][r] - mean) * (targets[k][r] - mean);
        }
      }
    }
    return total == 0 ? 0 : 1 - error / total;
  }

  /** Splits rows in[from..to) and the rows to answer at a random value of a random column. */
  private void grow(int from, int to, int[] out, int count, int depth) {
    if (count == 0) {
      return;
    }
    if (depth < DEPTH && to - from >= 2 * SMALLEST) {
      for (int attempt = 0; attempt < 3; attempt++) {
        int best = -1;
        double bestAt = 0;
        double bestScore = 0;
        for (int candidate = 0; candidate < 3; candidate++) {
          int c = draws.integer(0, columns.length - 1);
          double at = columns[c][in[draws.integer(from, to - 1)]];
          double score = Double.isNaN(at) ? 0 : score(from, to, c, at);
          if (score > bestScore) {
            best = c;
            bestAt = at;
            bestScore = score;
          }
        }
        if (best >= 0) {
          split(from, to, out, count, depth, best, bestAt);
          return;
        }
      }
    }
    for (int k = 0; k < targets.length; k++) {
      double mean = 0;
      for (int i = from; i < to; i++) {
        mean += targets[k][in[i]] / (to - from);
      }
      for (int i = 0; i < count; i++) {
        sum[k][out[i]] += mean;
      }
    }
    for (int i = 0; i < count; i++) {
      answers[out[i]]++;
    }
  }

  private void split(int from, int to, int[] out, int count, int depth, int c, double at) {
    int middle = from;
    for (int i = from; i < to; i++) {
      if (columns[c][in[i]] > at) {
        int kept = in[i];
        in[i] = in[middle];
        in[middle++] = kept;
      }
    }
    int[] above = new int[count];
    int[] below = new int[count];
    int a = 0;
    int b = 0;
    for (int i = 0; i < count; i++) {
      if (columns[c][out[i]] > at) {
        above[a++] = out[i];
      } else {
        below[b++] = out[i];
      }
    }
    grow(from, middle, above, a, depth + 1);
    grow(middle, to, below, b, depth + 1);
  }

  /** The variance that a split takes away; 0 if a side has too few rows. */
  private double score(int from, int to, int c, double at) {
    int above = 0;
    double[] sums = new double[targets.length];
    double[] all = new double[targets.length];
    for (int i = from; i < to; i++) {
      int r = in[i];
      boolean high = columns[c][r] > at;
      above += high ? 1 : 0;
      for (int k = 0; k < targets.length; k++) {
        all[k] += targets[k][r];
        sums[k] += high ? targets[k][r] : 0;
      }
    }
    int below = to - from - above;
    if (above < SMALLEST || below < SMALLEST) {
      return 0;
    }
    double score = 1e-12;
    for (int k = 0; k < targets.length; k++) {
      double low = all[k] - sums[k];
      score += sums[k] * sums[k] / above + low * low / below - all[k] * all[k] / (to - from);
    }
    return score;
  }
}
