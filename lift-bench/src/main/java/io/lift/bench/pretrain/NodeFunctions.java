package io.lift.bench.pretrain;

import java.util.Arrays;

/** Functions of some columns of numbers, each about standard normal, to another such column. */
final class NodeFunctions {
  private NodeFunctions() {}

  /**
   * A random function.
   *
   * @param parents (columns, rows), standardised
   */
  static double[] draw(double[][] parents, Draws draws) {
    return switch (draws.integer(0, 9)) {
      case 0, 1 -> activation(standard(linear(parents, draws)), draws);
      case 2 -> network(parents, draws);
      case 3 -> trees(parents, draws);
      case 4 -> rules(parents, draws);
      case 5 -> interval(parents, draws);
      case 6 -> waves(parents, draws);
      case 7 -> product(parents, draws);
      case 8 -> prototypes(parents, draws);
      default -> linear(parents, draws);
    };
  }

  static double[] standard(double[] x) {
    double mean = Arrays.stream(x).average().orElse(0);
    double square = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElse(0);
    double deviation = Math.sqrt(square) + 1e-9;
    return Arrays.stream(x).map(v -> (v - mean) / deviation).toArray();
  }

  static double[] linear(double[][] parents, Draws draws) {
    double[] y = new double[parents[0].length];
    for (double[] parent : parents) {
      double weight = draws.gaussian();
      for (int r = 0; r < y.length; r++) {
        y[r] += weight * parent[r];
      }
    }
    return y;
  }

  /** Element by element. */
  static double[] activation(double[] x, Draws draws) {
    double scale = draws.scale(0.5, 4);
    double shift = draws.gaussian();
    int kind = draws.integer(0, 10);
    double[] y = new double[x.length];
    for (int r = 0; r < y.length; r++) {
      double v = scale * (x[r] - shift);
      y[r] =
          switch (kind) {
            case 0 -> Math.max(0, v);
            case 1 -> StrictMath.sin(v);
            case 2 -> Math.abs(v);
            case 3 -> v > 0 ? 1 : 0;
            case 4 -> v * v;
            case 5 -> StrictMath.exp(-v * v);
            case 6 -> StrictMath.exp(Math.min(3, v));
            case 7 -> Math.floor(v);
            case 8 -> Math.signum(v) * StrictMath.sqrt(Math.abs(v));
            case 9 -> v - Math.floor(v);
            default -> StrictMath.tanh(v);
          };
    }
    return y;
  }

  private static double[] network(double[][] parents, Draws draws) {
    int width = draws.integer(2, 12);
    double steep = draws.scale(0.5, 3) / Math.sqrt(parents.length);
    double[] y = new double[parents[0].length];
    for (int h = 0; h < width; h++) {
      double[] unit = linear(parents, draws);
      double bias = draws.gaussian();
      double out = draws.gaussian();
      for (int r = 0; r < y.length; r++) {
        y[r] += out * StrictMath.tanh(steep * unit[r] + bias);
      }
    }
    return y;
  }

  /** A value of one of the rows, where a column is cut. */
  private static double cut(double[] column, Draws draws) {
    return column[draws.integer(0, column.length - 1)];
  }

  private static double[] trees(double[][] parents, Draws draws) {
    double[] y = new double[parents[0].length];
    int trees = draws.chance(0.5) ? 1 : draws.integer(2, 6);
    for (int t = 0; t < trees; t++) {
      int depth = draws.integer(1, 4);
      int[] split = new int[1 << depth];
      double[] at = new double[split.length];
      double[] leaves = new double[split.length];
      for (int node = 0; node < split.length; node++) {
        split[node] = draws.integer(0, parents.length - 1);
        at[node] = cut(parents[split[node]], draws);
        leaves[node] = draws.gaussian();
      }
      for (int r = 0; r < y.length; r++) {
        int node = 1;
        for (int d = 0; d < depth; d++) {
          node = 2 * node + (parents[split[node]][r] > at[node] ? 1 : 0);
        }
        y[r] += leaves[node - split.length];
      }
    }
    return y;
  }

  /** A sum of conjunctions of thresholds. */
  private static double[] rules(double[][] parents, Draws draws) {
    double[] y = new double[parents[0].length];
    int rules = draws.integer(1, 5);
    for (int k = 0; k < rules; k++) {
      boolean[] holds = new boolean[y.length];
      Arrays.fill(holds, true);
      int conditions = draws.integer(1, 3);
      for (int i = 0; i < conditions; i++) {
        double[] column = parents[draws.integer(0, parents.length - 1)];
        double at = cut(column, draws);
        boolean above = draws.chance(0.5);
        for (int r = 0; r < y.length; r++) {
          holds[r] &= column[r] > at == above;
        }
      }
      double weight = draws.gaussian();
      for (int r = 0; r < y.length; r++) {
        y[r] += holds[r] ? weight : 0;
      }
    }
    return y;
  }

  /** Bands of one column; within and outside of them, other bands of another, or its values. */
  static double[] interval(double[][] parents, Draws draws) {
    double[] column = parents[draws.integer(0, parents.length - 1)];
    double[] cuts = new double[draws.integer(1, 4)];
    for (int i = 0; i < cuts.length; i++) {
      cuts[i] = cut(column, draws);
    }
    Arrays.sort(cuts);
    boolean alternate = draws.chance(0.6);
    double[] levels = new double[cuts.length + 1];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = alternate ? i % 2 : draws.gaussian();
    }
    double[] y = new double[column.length];
    int[] band = new int[column.length];
    for (int r = 0; r < y.length; r++) {
      while (band[r] < cuts.length && column[r] > cuts[band[r]]) {
        band[r]++;
      }
      y[r] = levels[band[r]];
    }
    if (parents.length == 1 || draws.chance(0.35)) {
      return y;
    }
    double[] other = parents[draws.integer(0, parents.length - 1)];
    boolean bands = draws.chance(0.7);
    double[] low = new double[levels.length];
    double[] high = new double[levels.length];
    for (int i = 0; i < levels.length; i++) {
      double a = cut(other, draws);
      double b = draws.chance(0.5) ? cut(other, draws) : Double.POSITIVE_INFINITY;
      low[i] = Math.min(a, b);
      high[i] = Math.max(a, b);
      levels[i] = draws.gaussian();
    }
    for (int r = 0; r < y.length; r++) {
      int i = band[r];
      y[r] = bands ? (other[r] > low[i] && other[r] <= high[i] ? 1 : 0) : levels[i] * other[r];
    }
    return y;
  }

  /** A sum of waves along random directions: a draw of a Gaussian process, nearly. */
  private static double[] waves(double[][] parents, Draws draws) {
    double[] y = new double[parents[0].length];
    double frequency = draws.scale(0.3, 2.5) / Math.sqrt(parents.length);
    for (int k = 0; k < 16; k++) {
      double[] direction = linear(parents, draws);
      double phase = draws.uniform(0, 2 * Math.PI);
      double weight = draws.gaussian();
      for (int r = 0; r < y.length; r++) {
        y[r] += weight * StrictMath.cos(frequency * direction[r] + phase);
      }
    }
    return y;
  }

  private static double[] product(double[][] parents, Draws draws) {
    double[] a = activation(standard(linear(parents, draws)), draws);
    double[] b = draws.chance(0.5) ? linear(parents, draws) : activation(parents[0], draws);
    double[] y = new double[a.length];
    int kind = draws.integer(0, 2);
    for (int r = 0; r < y.length; r++) {
      y[r] = kind == 0 ? a[r] * b[r] : kind == 1 ? Math.max(a[r], b[r]) : Math.min(a[r], b[r]);
    }
    return y;
  }

  /** The value of the nearest of some points. */
  private static double[] prototypes(double[][] parents, Draws draws) {
    int rows = parents[0].length;
    int points = draws.integer(2, 12);
    int[] at = new int[points];
    double[] value = new double[points];
    for (int k = 0; k < points; k++) {
      at[k] = draws.integer(0, rows - 1);
      value[k] = draws.gaussian();
    }
    double[] y = new double[rows];
    for (int r = 0; r < rows; r++) {
      double least = Double.POSITIVE_INFINITY;
      for (int k = 0; k < points; k++) {
        double distance = 0;
        for (double[] parent : parents) {
          distance += Math.abs(parent[r] - parent[at[k]]);
        }
        if (distance < least) {
          least = distance;
          y[r] = value[k];
        }
      }
    }
    return y;
  }
}
