package io.lift.bench.pretrain;

import io.lift.model.random.SeededRandom;

/** Random numbers as the makers of tables need them. */
record Draws(SeededRandom random) {

  double uniform(double from, double to) {
    return from + (to - from) * random.uniform();
  }

  /** Uniform in the logarithm. */
  double scale(double from, double to) {
    return from * StrictMath.exp(random.uniform() * StrictMath.log(to / from));
  }

  double gaussian() {
    return random.gaussian();
  }

  boolean chance(double probability) {
    return random.uniform() < probability;
  }

  /** One of from..to, both included. */
  int integer(int from, int to) {
    return from + (int) (random.uniform() * (to - from + 1));
  }

  /** (rows, columns) standard normals times a factor. */
  double[][] gaussians(int rows, int columns, double factor) {
    double[][] all = new double[rows][columns];
    for (double[] row : all) {
      for (int c = 0; c < columns; c++) {
        row[c] = factor * gaussian();
      }
    }
    return all;
  }

  /** Shares that sum to 1; the higher the evenness, the more equal. */
  double[] shares(int count, double evenness) {
    double[] shares = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      shares[i] = evenness - StrictMath.log(1 - random.uniform());
      sum += shares[i];
    }
    for (int i = 0; i < count; i++) {
      shares[i] /= sum;
    }
    return shares;
  }

  /** An index, drawn by shares that sum to 1. */
  int pick(double[] shares) {
    double at = random.uniform();
    int i = 0;
    while (i < shares.length - 1 && at >= shares[i]) {
      at -= shares[i++];
    }
    return i;
  }

  /** Whether each of some columns takes part; at least one does. */
  boolean[] parts(int columns) {
    double share = uniform(0.3, 1.2);
    boolean[] parts = new boolean[columns];
    for (int c = 0; c < columns; c++) {
      parts[c] = chance(share);
    }
    parts[integer(0, columns - 1)] = true;
    return parts;
  }
}
