package io.lift.bench.baseline;

/**
 * Rows as numbers.
 *
 * @param x [row][feature]
 * @param y [row]; the index of the class, or the number to predict
 * @param classes how many classes there are; 0 for a regression
 */
public record Examples(double[][] x, double[] y, int classes) {

  /** Features of a row. */
  public int features() {
    return x[0].length;
  }
}
