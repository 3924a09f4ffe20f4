package io.lift.bench.pretrain;

/**
 * A table that was made up. Rows are in no order.
 *
 * @param columns (columns, rows): numbers or codes of categories, NaN where one is missing
 * @param categories whether each column has categories
 * @param labels of the rows, from 0; null for a regression
 * @param classes how many labels there are; 0 for a regression
 * @param numbers of the rows; null for a classification
 */
record PriorTable(
    double[][] columns, boolean[] categories, int[] labels, int classes, double[] numbers) {

  int rows() {
    return columns[0].length;
  }
}
