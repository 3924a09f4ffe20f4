package io.lift.model.incontext.trees;

import io.lift.model.random.SeededRandom;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * An order of rows, columns and labels that depends on their values alone, so that random choices
 * are the same in whichever order they come. Rows that are alike in all are in any order.
 *
 * @param rows the index of the first row, the second and so on
 * @param columns likewise
 * @param labels likewise, of those that rows have; null for numbers
 */
public record CanonicalOrder(int[] rows, int[] columns, int[] labels) {
  private static final long MISSING = 0x5bd1e995L;

  /**
   * @param columns (columns, rows)
   * @param labels of the rows; null for numbers
   * @param slots how many labels there may be
   * @param numbers of the rows; null for labels
   */
  public static CanonicalOrder of(double[][] columns, int[] labels, int slots, double[] numbers) {
    int n = columns[0].length;
    long[] columnKeys = new long[columns.length];
    long[] rowKeys = new long[n];
    for (int c = 0; c < columns.length; c++) {
      long key = 0;
      for (double x : columns[c]) {
        key += SeededRandom.mix(1, bits(x)); // of the values in any order
      }
      columnKeys[c] = key;
      for (int r = 0; r < n; r++) {
        rowKeys[r] += SeededRandom.mix(key, bits(columns[c][r]));
      }
    }
    long[] answerKeys = new long[n];
    int[] labelOrder = null;
    if (labels == null) {
      Arrays.setAll(answerKeys, r -> bits(numbers[r]));
    } else {
      long[] labelKeys = new long[slots];
      for (int r = 0; r < n; r++) {
        labelKeys[labels[r]] += SeededRandom.mix(2, rowKeys[r]);
      }
      Arrays.setAll(answerKeys, r -> labelKeys[labels[r]]);
      labelOrder = sorted(slots, Comparator.comparingLong(k -> labelKeys[k]));
      int[] counts = new int[slots];
      Arrays.stream(labels).forEach(k -> counts[k]++);
      labelOrder = Arrays.stream(labelOrder).filter(k -> counts[k] > 0).toArray();
    }
    // two columns of equal values differ in how they go with the rows
    long[] joint = new long[columns.length];
    for (int c = 0; c < columns.length; c++) {
      for (int r = 0; r < n; r++) {
        joint[c] += SeededRandom.mix(rowKeys[r], bits(columns[c][r]), answerKeys[r]);
      }
    }
    return new CanonicalOrder(
        sorted(
            n,
            Comparator.<Integer>comparingLong(r -> rowKeys[r])
                .thenComparingLong(r -> answerKeys[r])),
        sorted(
            columns.length,
            Comparator.<Integer>comparingLong(c -> columnKeys[c]).thenComparingLong(c -> joint[c])),
        labelOrder);
  }

  /**
   * Divides rows into folds, each label's rows in turn, so that every fold has some.
   *
   * @param given label of each row; null for numbers
   * @return the fold of each row
   */
  public int[] folds(int[] given, int count) {
    int[] fold = new int[rows.length];
    int next = 0;
    for (int i = 0; i < (given == null ? 1 : labels.length); i++) {
      for (int r : rows) {
        if (given == null || given[r] == labels[i]) {
          fold[r] = next++ % count;
        }
      }
    }
    return fold;
  }

  private static long bits(double x) {
    return Double.isNaN(x) ? MISSING : Double.doubleToLongBits(x + 0.0);
  }

  private static int[] sorted(int count, Comparator<Integer> order) {
    return IntStream.range(0, count).boxed().sorted(order).mapToInt(Integer::intValue).toArray();
  }
}
