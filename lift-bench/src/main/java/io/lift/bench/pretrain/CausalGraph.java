package io.lift.bench.pretrain;

import java.util.Arrays;

/**
 * A random graph of causes. Each node is a column of numbers: a root of some distribution, or a
 * function of earlier nodes with noise. The table's columns and its target are any of the nodes.
 */
final class CausalGraph {
  private static final int MOST_EXTRA = 12;
  private static final int TRIES = 5;

  private CausalGraph() {}

  /** What a graph gives: columns (columns, rows) and a target that other columns bear on. */
  record Drawn(double[][] columns, double[] target) {}

  static Drawn draw(int rows, int columns, Draws draws) {
    int nodes = columns + 1 + draws.integer(1, MOST_EXTRA);
    int roots = Math.max(1, draws.integer(1, Math.max(1, 2 * nodes / 3)));
    double[][] values = new double[nodes][];
    double noisy = draws.uniform(0, 1);
    double most = draws.scale(0.02, 0.6);
    int parentsMore = draws.integer(0, 3);
    int target = -1;
    for (int i = 0; i < nodes; i++) {
      if (i < roots) {
        values[i] = root(rows, draws);
      } else {
        double[][] parents = parents(values, i, 1 + draws.integer(0, parentsMore), draws);
        values[i] = NodeFunctions.standard(NodeFunctions.draw(parents, draws));
        if (draws.chance(noisy)) {
          noise(values[i], draws.uniform(0, most), draws);
        }
      }
    }
    for (int t = 0; t < TRIES && target < 0; t++) {
      int candidate = draws.integer(roots < nodes ? roots : 0, nodes - 1);
      target = distinct(values[candidate]) > 1 ? candidate : -1;
    }
    target = target < 0 ? nodes - 1 : target;
    // the nodes just before the target are likelier to be seen than others
    int[] order = draws.random().permutation(nodes);
    double[][] seen = new double[columns][];
    int taken = 0;
    for (int i = 0; i < nodes && taken < columns; i++) {
      if (order[i] != target) {
        seen[taken++] = values[order[i]].clone();
      }
    }
    return new Drawn(seen, values[target]);
  }

  /** Columns on their own, and a target that is a sum or a tree or rules of some of them. */
  static Drawn direct(int rows, int columns, Draws draws) {
    double[][] values = new double[columns][];
    boolean common = draws.chance(0.4);
    double[][] factors = new double[draws.integer(1, 4)][];
    for (int f = 0; f < factors.length; f++) {
      factors[f] = root(rows, draws);
    }
    double own = draws.scale(0.05, 1.5);
    for (int c = 0; c < columns; c++) {
      if (common) {
        values[c] = NodeFunctions.linear(factors, draws);
        noise(values[c], own, draws);
        values[c] = NodeFunctions.standard(values[c]);
      } else {
        values[c] = root(rows, draws);
      }
    }
    boolean sum = draws.chance(0.55);
    int parts = sum ? draws.integer(1, columns) : draws.integer(1, Math.min(columns, 5));
    double[][] parents = parents(values, columns, parts, draws);
    double[] target;
    if (sum) {
      target = NodeFunctions.linear(parents, draws);
      if (draws.chance(0.3)) {
        target = NodeFunctions.activation(NodeFunctions.standard(target), draws);
      }
    } else if (draws.chance(0.4)) {
      target = NodeFunctions.interval(parents, draws);
    } else {
      target = NodeFunctions.draw(parents, draws);
    }
    target = NodeFunctions.standard(target);
    if (draws.chance(0.5)) {
      noise(target, draws.scale(0.02, 0.7), draws);
    }
    return new Drawn(values, target);
  }

  private static double[][] parents(double[][] values, int before, int count, Draws draws) {
    int[] order = draws.random().permutation(before);
    return Arrays.stream(Arrays.copyOf(order, Math.min(before, count)))
        .mapToObj(p -> values[p])
        .toArray(double[][]::new);
  }

  static double[] root(int rows, Draws draws) {
    int kind = draws.integer(0, 6);
    int levels = draws.integer(2, 10);
    double shape = draws.scale(0.3, 1.2);
    double[] x = new double[rows];
    double[] centers = {draws.gaussian(), draws.gaussian(), 2 * draws.gaussian()};
    for (int r = 0; r < rows; r++) {
      x[r] =
          switch (kind) {
            case 0, 1 -> draws.gaussian();
            case 2, 3 -> draws.uniform(0, 1);
            case 4 -> StrictMath.exp(shape * draws.gaussian());
            case 5 -> draws.integer(0, levels - 1);
            default -> centers[draws.integer(0, 2)] + 0.4 * draws.gaussian();
          };
    }
    return NodeFunctions.standard(x);
  }

  static void noise(double[] x, double deviation, Draws draws) {
    for (int r = 0; r < x.length; r++) {
      x[r] += deviation * draws.gaussian();
    }
  }

  private static long distinct(double[] x) {
    return Arrays.stream(x).distinct().limit(2).count();
  }
}
