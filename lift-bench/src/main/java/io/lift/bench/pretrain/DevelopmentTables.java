package io.lift.bench.pretrain;

import io.lift.model.random.SeededRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Published functions that a pretraining is watched on. They are drawn by nobody's prior, and are
 * no test of a benchmark: Friedman's three regressions (1991), Breiman's twonorm, threenorm,
 * ringnorm (1996) and waveform (1984), and a chequerboard.
 */
final class DevelopmentTables {
  private static final int NORMS = 12; // columns of the norms, of Breiman's 20

  private DevelopmentTables() {}

  /** A table of so many rows, by name. */
  static Map<String, BiFunction<Integer, SeededRandom, PriorTable>> all() {
    Map<String, BiFunction<Integer, SeededRandom, PriorTable>> all = new LinkedHashMap<>();
    all.put("friedman-1", (rows, random) -> friedman1(rows, new Draws(random)));
    all.put("friedman-2", (rows, random) -> friedman23(rows, true, new Draws(random)));
    all.put("friedman-3", (rows, random) -> friedman23(rows, false, new Draws(random)));
    all.put("twonorm", (rows, random) -> norm(rows, 0, new Draws(random)));
    all.put("threenorm", (rows, random) -> norm(rows, 1, new Draws(random)));
    all.put("ringnorm", (rows, random) -> norm(rows, 2, new Draws(random)));
    all.put("waveform", (rows, random) -> waveform(rows, new Draws(random)));
    all.put("chequerboard", (rows, random) -> chequerboard(rows, new Draws(random)));
    return all;
  }

  private static PriorTable friedman1(int rows, Draws draws) {
    double[][] x = new double[10][rows];
    double[] y = new double[rows];
    for (int r = 0; r < rows; r++) {
      for (double[] column : x) {
        column[r] = draws.uniform(0, 1);
      }
      double c = x[2][r] - 0.5;
      y[r] =
          10 * StrictMath.sin(Math.PI * x[0][r] * x[1][r])
              + 20 * c * c
              + 10 * x[3][r]
              + 5 * x[4][r]
              + draws.gaussian();
    }
    return new PriorTable(x, new boolean[x.length], null, 0, y);
  }

  /** The impedance and the phase of a circuit, each with noise of a third of its deviation. */
  private static PriorTable friedman23(int rows, boolean impedance, Draws draws) {
    double[][] x = new double[4][rows];
    double[] y = new double[rows];
    for (int r = 0; r < rows; r++) {
      x[0][r] = draws.uniform(0, 100);
      x[1][r] = draws.uniform(40 * Math.PI, 560 * Math.PI);
      x[2][r] = draws.uniform(0, 1);
      x[3][r] = draws.uniform(1, 11);
      double reactance = x[1][r] * x[2][r] - 1 / (x[1][r] * x[3][r]);
      y[r] =
          impedance
              ? Math.sqrt(x[0][r] * x[0][r] + reactance * reactance) + 125 * draws.gaussian()
              : StrictMath.atan2(reactance, x[0][r]) + 0.1 * draws.gaussian();
    }
    return new PriorTable(x, new boolean[x.length], null, 0, y);
  }

  private static PriorTable norm(int rows, int kind, Draws draws) {
    double[][] x = new double[NORMS][rows];
    int[] labels = new int[rows];
    double a = 2 / Math.sqrt(NORMS);
    for (int r = 0; r < rows; r++) {
      labels[r] = draws.integer(0, 1);
      int side = draws.chance(0.5) ? 1 : -1;
      for (int c = 0; c < NORMS; c++) {
        double z = draws.gaussian();
        x[c][r] =
            switch (kind) {
              case 0 -> z + (labels[r] == 0 ? a : -a);
              case 1 -> z + (labels[r] == 0 ? side * a : c % 2 == 0 ? a : -a);
              default -> labels[r] == 0 ? 2 * z : z + a / 2;
            };
      }
    }
    return new PriorTable(x, new boolean[NORMS], labels, 2, null);
  }

  private static PriorTable waveform(int rows, Draws draws) {
    double[][] x = new double[21][rows];
    int[] labels = new int[rows];
    int[][] pairs = {{7, 15}, {7, 11}, {15, 11}}; // the peaks of two of three waves
    for (int r = 0; r < rows; r++) {
      labels[r] = draws.integer(0, 2);
      double share = draws.uniform(0, 1);
      for (int c = 0; c < x.length; c++) {
        double one = Math.max(0, 6 - Math.abs(c + 1 - pairs[labels[r]][0]));
        double two = Math.max(0, 6 - Math.abs(c + 1 - pairs[labels[r]][1]));
        x[c][r] = share * one + (1 - share) * two + draws.gaussian();
      }
    }
    return new PriorTable(x, new boolean[x.length], labels, 3, null);
  }

  /** Three by three fields of two columns, beside two useless columns. */
  private static PriorTable chequerboard(int rows, Draws draws) {
    double[][] x = new double[4][rows];
    int[] labels = new int[rows];
    for (int r = 0; r < rows; r++) {
      for (double[] column : x) {
        column[r] = draws.uniform(0, 3);
      }
      labels[r] = ((int) x[0][r] + (int) x[1][r]) % 2;
    }
    return new PriorTable(x, new boolean[x.length], labels, 2, null);
  }
}
