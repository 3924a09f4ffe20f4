package io.lift.bench.pretrain;

import io.lift.model.context.CellNumbers;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Plain methods to compare with, on standardised cells. */
final class PlainMethods {
  private static final int NEIGHBOURS = 5;
  private static final int ITERATIONS = 500;
  private static final double RATE = 0.1;

  private final double[][] features; // (labelled, columns)
  private final double[][] asked;
  private final int[] labels;
  private final int classes;

  PlainMethods(int[] categories, int[][] labelled, int[] labels, int[][] asked, int classes) {
    CellNumbers numbers = CellNumbers.of(categories, labelled);
    this.features = Arrays.stream(labelled).map(numbers::of).toArray(double[][]::new);
    this.asked = Arrays.stream(asked).map(numbers::of).toArray(double[][]::new);
    this.labels = labels;
    this.classes = classes;
    standardise();
  }

  private void standardise() {
    for (int c = 0; c < features[0].length; c++) {
      int column = c;
      double[] seen =
          Arrays.stream(features)
              .mapToDouble(x -> x[column])
              .filter(x -> !Double.isNaN(x))
              .toArray();
      double mean = Arrays.stream(seen).average().orElse(0);
      double square = Arrays.stream(seen).map(x -> (x - mean) * (x - mean)).average().orElse(0);
      double deviation = Math.sqrt(square);
      for (double[][] rows : List.of(features, asked)) {
        for (double[] x : rows) {
          x[c] = Double.isNaN(x[c]) || !(deviation > 0) ? 0 : (x[c] - mean) / deviation;
        }
      }
    }
  }

  /** The shares of the labels, whatever the row. */
  double[][] commonest() {
    double[] shares = new double[classes];
    for (int label : labels) {
      shares[label] += 1.0 / labels.length;
    }
    return Arrays.stream(asked).map(x -> shares).toArray(double[][]::new);
  }

  /** The labels of the five nearest rows, each label counted half a time more. */
  double[][] neighbours() {
    return Arrays.stream(asked).map(this::neighbours).toArray(double[][]::new);
  }

  private double[] neighbours(double[] x) {
    int[] nearest =
        IntStream.range(0, features.length)
            .boxed()
            .sorted(Comparator.comparingDouble(r -> distance(features[r], x)))
            .limit(NEIGHBOURS)
            .mapToInt(r -> r)
            .toArray();
    double[] p = new double[classes];
    Arrays.fill(p, 0.5 / (nearest.length + 0.5 * classes));
    for (int r : nearest) {
      p[labels[r]] += 1 / (nearest.length + 0.5 * classes);
    }
    return p;
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return sum;
  }

  /** Multinomial logistic regression with a penalty of half the weights' squares. */
  double[][] logistic() {
    int columns = features[0].length;
    double[][] weights = new double[classes][columns + 1];
    double[][] square = new double[classes][columns + 1];
    for (int i = 0; i < ITERATIONS; i++) {
      double[][] gradient = new double[classes][columns + 1];
      for (int r = 0; r < features.length; r++) {
        double[] p = softmax(weights, features[r]);
        p[labels[r]] -= 1;
        for (int k = 0; k < classes; k++) {
          for (int c = 0; c < columns; c++) {
            gradient[k][c] += p[k] * features[r][c];
          }
          gradient[k][columns] += p[k];
        }
      }
      double rate = RATE * (1 - i / (double) ITERATIONS);
      for (int k = 0; k < classes; k++) {
        for (int c = 0; c <= columns; c++) {
          double g = gradient[k][c] + (c < columns ? weights[k][c] : 0);
          square[k][c] = 0.9 * square[k][c] + 0.1 * g * g;
          weights[k][c] -= rate * g / (Math.sqrt(square[k][c]) + 1e-8);
        }
      }
    }
    return Arrays.stream(asked).map(x -> softmax(weights, x)).toArray(double[][]::new);
  }

  private static double[] softmax(double[][] weights, double[] x) {
    double[] p = new double[weights.length];
    for (int k = 0; k < p.length; k++) {
      p[k] = weights[k][x.length];
      for (int c = 0; c < x.length; c++) {
        p[k] += weights[k][c] * x[c];
      }
    }
    double top = Arrays.stream(p).max().orElse(0);
    double sum = 0;
    for (int k = 0; k < p.length; k++) {
      p[k] = Math.exp(p[k] - top);
      sum += p[k];
    }
    for (int k = 0; k < p.length; k++) {
      p[k] /= sum;
    }
    return p;
  }
}
