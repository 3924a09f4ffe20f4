package io.lift.bench.pretrain;

/**
 * Columns from which labels follow: normal, uniform or in clumps; on their own or with causes in
 * common.
 */
final class Inputs {
  private Inputs() {}

  /** (rows, columns), of about unit variance. */
  static double[][] draw(int rows, int columns, Draws draws) {
    int kind = draws.integer(0, 3);
    int causes = draws.chance(0.5) ? 0 : draws.integer(1, Math.max(1, columns / 2));
    double weight = draws.uniform(0.3, 1.5);
    double[][] loads = draws.gaussians(columns, causes, weight / Math.sqrt(Math.max(1, causes)));
    double[][] clumps = draws.gaussians(draws.integer(2, 5), columns, 1.2);
    double[][] all = new double[rows][];
    for (int r = 0; r < rows; r++) {
      double[] clump = clumps[draws.integer(0, clumps.length - 1)];
      double[] x = new double[columns];
      for (int c = 0; c < columns; c++) {
        x[c] =
            switch (kind) {
              case 0 -> draws.uniform(-1.7, 1.7);
              case 1 -> clump[c] + 0.5 * draws.gaussian();
              default -> draws.gaussian();
            };
      }
      all[r] =
          causes == 0
              ? x
              : Concepts.plus(x, Concepts.product(loads, draws.gaussians(1, causes, 1)[0]));
    }
    return all;
  }
}
