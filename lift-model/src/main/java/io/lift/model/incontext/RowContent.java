package io.lift.model.incontext;

import java.util.List;

/**
 * What is read of one row.
 *
 * @param cells of the columns of numbers and categories: a position on the column's grid or the
 *     index of a category, -1 for a missing value
 * @param texts of the text columns; empty for none
 */
public record RowContent(int[] cells, List<String> texts) {
  /** The cells of rows, (rows, columns). */
  public static int[][] cells(List<RowContent> rows) {
    return rows.stream().map(RowContent::cells).toArray(int[][]::new);
  }
}
