package io.lift.model.scoring;

import java.util.Arrays;

/**
 * Rows of tokens, padded on the left to the same length.
 *
 * @param ids (rows, length)
 * @param length of the longest row
 * @param padding padded positions of each row; null for none
 */
record LeftPadded(long[] ids, int length, int[] padding) {

  static LeftPadded of(int[][] rows) {
    int length = Arrays.stream(rows).mapToInt(row -> row.length).max().orElse(0);
    long[] ids = new long[rows.length * length];
    int[] padding = new int[rows.length];
    for (int r = 0; r < rows.length; r++) {
      padding[r] = length - rows[r].length;
      for (int t = 0; t < rows[r].length; t++) {
        ids[r * length + padding[r] + t] = rows[r][t];
      }
    }
    boolean padded = Arrays.stream(padding).anyMatch(p -> p > 0);
    return new LeftPadded(ids, length, padded ? padding : null);
  }
}
