package io.lift.model.incontext.trees;

import io.lift.model.random.SeededRandom;
import java.util.Arrays;

/**
 * Grows trees by the splits that leave the least squared error of several targets (Breiman et al.
 * 1984). Of indicators of labels that is the least Gini impurity. One category is split from all
 * others. A missing value is a category in a column of categories, and is tried on either side in a
 * column of numbers.
 */
final class TreeGrower {
  /**
   * What trees may be.
   *
   * @param depth at most
   * @param leastWeight of a leaf
   * @param columns that each split chooses among; those are drawn
   * @param penalty added to the weight of each side of a split
   */
  record Limits(int depth, double leastWeight, int columns, double penalty) {}

  private final byte[][] bins; // (columns, rows)
  private final boolean[] categories;
  private final double[][] targets; // (A, rows)
  private final int[] hot;
  private final double[] weights;
  private final Limits limits;
  private final int outputs; // A
  private final int[] order; // columns, shuffled
  private final double[] binWeight = new double[Bins.COUNT];
  private final double[][] binSum; // (A, bins)
  private final double[] first; // (A) sums of one side
  private final double[] inverse; // of weights with the penalty: they are counts of rows

  private SeededRandom random;
  private int[] rows;
  private int[] leafOf; // of each row that the tree was grown on
  private int[] column;
  private long[] sides;
  private int[] next;
  private int nodes;
  private int leaves;

  private double bestGain;
  private int bestColumn;
  private long bestSides;

  /**
   * @param targets (A, rows); they and the weights may change between trees
   * @param hot the one target of each row that is 1 where all others are 0; null if they are not
   * @param weights of the rows: whole numbers, whose sum is at most the number of rows
   */
  TreeGrower(
      byte[][] bins,
      boolean[] categories,
      double[][] targets,
      int[] hot,
      double[] weights,
      Limits limits) {
    this.bins = bins;
    this.categories = categories;
    this.targets = targets;
    this.hot = hot;
    this.weights = weights;
    this.limits = limits;
    this.outputs = targets.length;
    this.order = new int[bins.length];
    this.binSum = new double[outputs][Bins.COUNT];
    this.first = new double[outputs];
    this.leafOf = new int[weights.length];
    this.inverse = new double[weights.length + 1];
    for (int w = 0; w < inverse.length; w++) {
      inverse[w] = 1 / (w + limits.penalty());
    }
  }

  /**
   * One tree.
   *
   * @param some the rows that it is grown on; their order changes
   * @param count how many of them
   */
  Tree grow(int[] some, int count, SeededRandom random) {
    this.random = random;
    this.rows = some;
    int most = Math.max(1, 2 * count - 1);
    if (limits.depth() < 20) {
      most = Math.min(most, (2 << limits.depth()) - 1);
    }
    column = new int[most];
    sides = new long[most];
    next = new int[most];
    nodes = 1;
    leaves = 0;
    for (int c = 0; c < order.length; c++) {
      order[c] = c;
    }
    build(0, 0, count, 0);
    return new Tree(
        Arrays.copyOf(column, nodes),
        Arrays.copyOf(sides, nodes),
        Arrays.copyOf(next, nodes),
        leaves);
  }

  /** The leaf of a row that the last tree was grown on. */
  int leaf(int row) {
    return leafOf[row];
  }

  private void build(int node, int from, int to, int depth) {
    bestGain = 0;
    if (depth < limits.depth() && to - from > 1) {
      search(from, to);
    }
    if (bestGain <= 0) {
      column[node] = -1;
      next[node] = leaves;
      for (int i = from; i < to; i++) {
        leafOf[rows[i]] = leaves;
      }
      leaves++;
      return;
    }
    column[node] = bestColumn;
    sides[node] = bestSides;
    int middle = divide(from, to);
    int child = nodes;
    next[node] = child;
    nodes += 2;
    build(child, from, middle, depth + 1);
    build(child + 1, middle, to, depth + 1);
  }

  /** Puts rows of the first side first. */
  private int divide(int from, int to) {
    byte[] bin = bins[bestColumn];
    int low = from;
    int high = to - 1;
    while (low <= high) {
      if ((bestSides >>> bin[rows[low]] & 1) != 0) {
        low++;
      } else {
        int kept = rows[low];
        rows[low] = rows[high];
        rows[high--] = kept;
      }
    }
    return low;
  }

  private void search(int from, int to) {
    double weight = 0;
    double[] sum = new double[outputs];
    double square = 0;
    for (int i = from; i < to; i++) {
      int r = rows[i];
      double w = weights[r];
      weight += w;
      if (hot != null) {
        sum[hot[r]] += w;
        square += w;
        continue;
      }
      for (int a = 0; a < outputs; a++) {
        double y = targets[a][r];
        sum[a] += w * y;
        square += w * y * y;
      }
    }
    if (weight < 2 * limits.leastWeight()) {
      return;
    }
    double before = 0;
    double error = square;
    for (double s : sum) {
      before += s * s / (weight + limits.penalty());
      error -= s * s / weight;
    }
    if (error <= 1e-10 * square) {
      return; // all alike
    }
    int tried = 0;
    for (int i = 0; i < order.length && tried < limits.columns(); i++) {
      if (limits.columns() < order.length) {
        int j = i + (int) (random.uniform() * (order.length - i));
        int kept = order[i];
        order[i] = order[j];
        order[j] = kept;
      }
      tried += search(order[i], from, to, weight, sum, before) ? 1 : 0;
    }
  }

  /**
   * Looks for a better split by one column.
   *
   * @return whether the column varies among the rows
   */
  private boolean search(int c, int from, int to, double weight, double[] sum, double before) {
    long there = collect(c, from, to);
    if (Long.bitCount(there) < 2) {
      return false;
    }
    if (categories[c]) {
      categories(c, there, weight, sum, before);
    } else {
      numbers(c, there, weight, sum, before);
    }
    return true;
  }

  /** Adds up the rows of each bin; which bins have rows. */
  private long collect(int c, int from, int to) {
    byte[] bin = bins[c];
    long there = 0;
    if (outputs == 1) {
      double[] sums = binSum[0];
      double[] y = targets[0];
      for (int i = from; i < to; i++) {
        int r = rows[i];
        int b = bin[r];
        if ((there >>> b & 1) == 0) {
          there |= 1L << b;
          binWeight[b] = 0;
          sums[b] = 0;
        }
        double w = weights[r];
        binWeight[b] += w;
        sums[b] += w * y[r];
      }
      return there;
    }
    for (int i = from; i < to; i++) {
      int r = rows[i];
      int b = bin[r];
      if ((there >>> b & 1) == 0) {
        there |= 1L << b;
        binWeight[b] = 0;
        for (int a = 0; a < outputs; a++) {
          binSum[a][b] = 0;
        }
      }
      double w = weights[r];
      binWeight[b] += w;
      if (hot != null) {
        binSum[hot[r]][b] += w;
        continue;
      }
      for (int a = 0; a < outputs; a++) {
        binSum[a][b] += w * targets[a][r];
      }
    }
    return there;
  }

  private void numbers(int c, long there, double weight, double[] sum, double before) {
    long values = there & ~1L;
    boolean missing = (there & 1) != 0;
    double inFirst = 0;
    Arrays.fill(first, 0);
    while (values != 0) {
      int b = Long.numberOfTrailingZeros(values);
      values &= values - 1;
      inFirst += binWeight[b];
      for (int a = 0; a < outputs; a++) {
        first[a] += binSum[a][b];
      }
      if (values == 0 && !missing) {
        return;
      }
      int limit = values == 0 ? Bins.COUNT - 1 : (b + Long.numberOfTrailingZeros(values)) / 2;
      long low = (limit == Bins.COUNT - 1 ? -1L : (1L << limit + 1) - 1) & ~1L;
      double gain = gain(inFirst, weight, sum) - before;
      if (gain > bestGain * (1 + 1e-9) + 1e-12) {
        // values that no row misses here go with the more
        take(gain, c, missing || inFirst < weight - inFirst ? low : low | 1);
      }
      if (missing && values != 0) {
        gain = gain(inFirst + binWeight[0], weight, sum, true) - before;
        if (gain > bestGain * (1 + 1e-9) + 1e-12) {
          take(gain, c, low | 1);
        }
      }
    }
  }

  /**
   * One category against all others. Splits by the order of codes, or by that of the mean targets,
   * would be to choose among far more splits, most of them by chance.
   */
  private void categories(int c, long there, double weight, double[] sum, double before) {
    for (long left = there; left != 0; left &= left - 1) {
      int b = Long.numberOfTrailingZeros(left);
      for (int a = 0; a < outputs; a++) {
        first[a] = binSum[a][b];
      }
      double gain = gain(binWeight[b], weight, sum) - before;
      if (gain > bestGain * (1 + 1e-9) + 1e-12) {
        // categories that no row has here go with the more
        long one = 1L << b;
        take(gain, c, binWeight[b] < weight - binWeight[b] ? one : one | ~there);
      }
    }
  }

  private double gain(double inFirst, double weight, double[] sum) {
    return gain(inFirst, weight, sum, false);
  }

  private double gain(double inFirst, double weight, double[] sum, boolean withMissing) {
    double inSecond = weight - inFirst;
    if (inFirst < limits.leastWeight() || inSecond < limits.leastWeight()) {
      return 0;
    }
    double one = inverse[(int) inFirst];
    double two = inverse[(int) inSecond];
    double gain = 0;
    for (int a = 0; a < outputs; a++) {
      double s = withMissing ? first[a] + binSum[a][0] : first[a];
      double rest = sum[a] - s;
      gain += s * s * one + rest * rest * two;
    }
    return gain;
  }

  private void take(double gain, int c, long low) {
    bestGain = gain;
    bestColumn = c;
    bestSides = low;
  }
}
