package io.lift.model.incontext.trees;

import java.util.Arrays;

/**
 * What trees predict of rows.
 *
 * @param values (A, rows): of two labels an indicator of the second, of more one of each; or the
 *     number
 * @param hot the label of each row where there is an indicator of each; else null
 * @param labels how many labels there are; 0 for numbers
 */
record Targets(double[][] values, int[] hot, int labels) {

  /**
   * @param labels of the rows, 0 to {@code count - 1}
   * @param count of labels
   */
  static Targets ofLabels(int[] labels, int count) {
    if (count <= 2) {
      return new Targets(
          new double[][] {Arrays.stream(labels).mapToDouble(k -> k).toArray()}, null, count);
    }
    double[][] values = new double[count][labels.length];
    for (int r = 0; r < labels.length; r++) {
      values[labels[r]][r] = 1;
    }
    return new Targets(values, labels, count);
  }

  static Targets ofNumbers(double[] numbers) {
    return new Targets(new double[][] {numbers}, null, 0);
  }

  /** A. */
  int outputs() {
    return values.length;
  }

  int rows() {
    return values[0].length;
  }
}
