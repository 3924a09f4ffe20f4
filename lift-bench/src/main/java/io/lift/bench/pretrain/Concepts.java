package io.lift.bench.pretrain;

/** Kinds of tables: what the columns are and how the labels follow from them. */
final class Concepts {
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
