package io.lift.bench.pretrain;

import java.util.function.DoubleUnaryOperator;

/** Kinds of tables: what the columns are and how the labels follow from them. */
final class Concepts {
  private static final int MOST_HIDDEN = 16;

  private Concepts() {}

  /** Each label has one to three clouds of its own. */
  static SyntheticTable clusters(int rows, int columns, int classes, Draws draws) {
    int clouds = draws.chance(0.6) ? 1 : draws.integer(2, 3);
    boolean[] parts = draws.parts(columns);
    double distance = draws.scale(0.4, 3);
    boolean ownWidths = draws.chance(0.5);
    double[][] centers = draws.gaussians(classes * clouds, columns, distance);
    double[][] widths = new double[classes * clouds][columns];
    for (int cloud = 0; cloud < widths.length; cloud++) {
      for (int c = 0; c < columns; c++) {
        widths[cloud][c] = !ownWidths ? 1 : parts[c] ? draws.scale(0.3, 1.5) : 1;
        centers[cloud][c] = parts[c] ? centers[cloud][c] : 0;
      }
    }
    double mixing = draws.chance(0.5) ? draws.uniform(0, 1.5) / Math.sqrt(columns) : 0;
    double[][] mix = draws.gaussians(columns, columns, mixing);
    boolean heavy = draws.chance(0.15);
    double[] shares = draws.shares(classes, 0.5);
    double[][] features = new double[rows][];
    int[] labels = new int[rows];
    for (int r = 0; r < rows; r++) {
      labels[r] = draws.pick(shares);
      int cloud = labels[r] * clouds + draws.integer(0, clouds - 1);
      double tail = heavy ? 1 / Math.max(0.2, Math.abs(draws.gaussian())) : 1;
      double[] z = new double[columns];
      for (int c = 0; c < columns; c++) {
        z[c] = tail * widths[cloud][c] * draws.gaussian();
      }
      features[r] = plus(plus(z, product(mix, z)), centers[cloud]);
    }
    return new SyntheticTable(features, labels, classes);
  }

  /** A random network; columns are some of its inputs and inner values, labels follow from it. */
  static SyntheticTable network(int rows, int columns, int classes, Draws draws) {
    DoubleUnaryOperator activation =
        switch (draws.integer(0, 4)) {
          case 0 -> x -> Math.max(0, x);
          case 1 -> StrictMath::sin;
          case 2 -> Math::abs;
          default -> StrictMath::tanh;
        };
    int inputs = Math.max(1, draws.chance(0.5) ? columns : draws.integer(1, columns));
    int layers = draws.integer(1, 3);
    int width = draws.integer(3, MOST_HIDDEN);
    double steepness = draws.scale(0.7, 3);
    double noise = draws.chance(0.5) ? draws.scale(0.01, 0.3) : 0;
    double[][][] weights = new double[layers][][];
    double[][] biases = new double[layers][];
    for (int l = 0; l < layers; l++) {
      int from = l == 0 ? inputs : width;
      weights[l] = draws.gaussians(width, from, steepness / Math.sqrt(from));
      biases[l] = draws.gaussians(1, width, 0.7)[0];
    }
    double[][] given = Inputs.draw(rows, inputs, draws);
    double[][] pool = new double[rows][inputs + layers * width];
    for (int r = 0; r < rows; r++) {
      System.arraycopy(given[r], 0, pool[r], 0, inputs);
      double[] h = given[r];
      for (int l = 0; l < layers; l++) {
        double[] next = plus(product(weights[l], h), biases[l]);
        for (int i = 0; i < width; i++) {
          next[i] = activation.applyAsDouble(next[i]) + noise * draws.gaussian();
        }
        System.arraycopy(next, 0, pool[r], inputs + l * width, width);
        h = next;
      }
    }
    // usually the inputs are what is seen; or anything
    int[] seen = draws.random().permutation(pool[0].length);
    boolean outside = inputs == columns && draws.chance(0.7);
    double[][] features = new double[rows][columns];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        features[r][c] = pool[r][outside ? c : seen[c % seen.length]];
      }
    }
    double[][] top = new double[rows][width];
    for (int r = 0; r < rows; r++) {
      System.arraycopy(pool[r], inputs + (layers - 1) * width, top[r], 0, width);
    }
    return new SyntheticTable(features, labels(top, classes, draws), classes);
  }

  /** Labels by random sums of some values: one sum that is cut, or one for each label. */
  private static int[] labels(double[][] values, int classes, Draws draws) {
    boolean ordered = draws.chance(0.4);
    double[][] sums = draws.gaussians(ordered ? 1 : classes, values[0].length, 1);
    double[][] scores = new double[values.length][];
    for (int r = 0; r < scores.length; r++) {
      scores[r] = product(sums, values[r]);
    }
    return ordered
        ? Labelling.ordered(column(scores, 0), classes, draws)
        : Labelling.greatest(scores, draws);
  }

  /** Straight lines, or with squares, products and waves of columns beside them. */
  static SyntheticTable smooth(int rows, int columns, int classes, Draws draws) {
    double[][] features = Inputs.draw(rows, columns, draws);
    boolean[] parts = draws.parts(columns);
    int bends = draws.chance(0.5) ? 0 : draws.integer(1, 3);
    double[][] values = new double[rows][columns + bends];
    int[][] bend = new int[bends][];
    double[] frequencies = new double[bends];
    for (int b = 0; b < bends; b++) {
      bend[b] =
          new int[] {
            draws.integer(0, 2), draws.integer(0, columns - 1), draws.integer(0, columns - 1)
          };
      frequencies[b] = draws.scale(0.7, 3);
    }
    double weight = draws.scale(0.5, 3);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        values[r][c] = parts[c] ? features[r][c] : 0;
      }
      for (int b = 0; b < bends; b++) {
        double x = features[r][bend[b][1]];
        values[r][columns + b] =
            weight
                * switch (bend[b][0]) {
                  case 0 -> x * x;
                  case 1 -> x * features[r][bend[b][2]];
                  default -> StrictMath.sin(frequencies[b] * x);
                };
      }
    }
    return new SyntheticTable(features, labels(values, classes, draws), classes);
  }

  /** Sums of random trees. */
  static SyntheticTable trees(int rows, int columns, int classes, Draws draws) {
    double[][] features = Inputs.draw(rows, columns, draws);
    boolean[] parts = draws.parts(columns);
    boolean ordered = draws.chance(0.3);
    double[][] scores = new double[rows][ordered ? 1 : classes];
    int trees = draws.chance(0.5) ? 1 : draws.integer(2, 8);
    for (int t = 0; t < trees; t++) {
      int depth = draws.integer(1, 4);
      int[] split = new int[1 << depth];
      double[] at = new double[split.length];
      for (int node = 1; node < split.length; node++) {
        do {
          split[node] = draws.integer(0, columns - 1);
        } while (!parts[split[node]]);
        at[node] = features[draws.integer(0, rows - 1)][split[node]];
      }
      double[][] leaves = draws.gaussians(split.length, scores[0].length, 1);
      for (int r = 0; r < rows; r++) {
        int node = 1;
        for (int d = 0; d < depth; d++) {
          node = 2 * node + (features[r][split[node]] > at[node] ? 1 : 0);
        }
        scores[r] = plus(scores[r], leaves[node - split.length]);
      }
    }
    int[] labels =
        ordered
            ? Labelling.ordered(column(scores, 0), classes, draws)
            : Labelling.greatest(scores, draws);
    return new SyntheticTable(features, labels, classes);
  }

  /** Categories, as integer codes or one column each, and rules over one or two of them. */
  static SyntheticTable categories(int rows, int columns, int classes, Draws draws) {
    boolean spread = draws.chance(0.5);
    int levels = draws.integer(2, 5);
    int words = spread ? Math.max(1, columns / levels) : columns;
    boolean[] parts = draws.parts(words);
    double[][] shares = new double[words][];
    double[][][] scores = new double[words][][];
    for (int w = 0; w < words; w++) {
      shares[w] = draws.shares(levels, 0.3);
      scores[w] = draws.gaussians(levels, classes, parts[w] ? 1 : 0);
    }
    int pairs = draws.chance(0.5) ? 0 : draws.integer(1, 3);
    int[][] pair = new int[pairs][];
    double[][][] together = new double[pairs][][];
    for (int p = 0; p < pairs; p++) {
      pair[p] = new int[] {draws.integer(0, words - 1), draws.integer(0, words - 1)};
      together[p] = draws.gaussians(levels * levels, classes, 1.5);
    }
    double[][] features = new double[rows][spread ? words * levels : words];
    double[][] sums = new double[rows][classes];
    for (int r = 0; r < rows; r++) {
      int[] word = new int[words];
      for (int w = 0; w < words; w++) {
        word[w] = draws.pick(shares[w]);
        sums[r] = plus(sums[r], scores[w][word[w]]);
        if (spread) {
          features[r][w * levels + word[w]] = 1;
        } else {
          features[r][w] = word[w];
        }
      }
      for (int p = 0; p < pairs; p++) {
        sums[r] = plus(sums[r], together[p][word[pair[p][0]] * levels + word[pair[p][1]]]);
      }
    }
    return new SyntheticTable(features, Labelling.greatest(sums, draws), classes);
  }

  private static double[] column(double[][] rows, int column) {
    double[] values = new double[rows.length];
    for (int r = 0; r < rows.length; r++) {
      values[r] = rows[r][column];
    }
    return values;
  }

  static double[] product(double[][] matrix, double[] x) {
    double[] y = new double[matrix.length];
    for (int i = 0; i < y.length; i++) {
      for (int j = 0; j < x.length; j++) {
        y[i] += matrix[i][j] * x[j];
      }
    }
    return y;
  }

  static double[] plus(double[] a, double[] b) {
    double[] sum = new double[a.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }
}
