package io.lift.model.incontext;

import java.util.Arrays;

/**
 * Labelled rows of a task.
 *
 * @param categories of each column; 0 for a column of numbers
 * @param cells (rows, columns): a position on the column's grid or the index of a category, -1 for
 *     a missing value
 * @param labels of these rows, from 0
 * @param classes how many labels the task has, at most {@link RowTokens#LABELS}
 */
public record LabelledRows(int[] categories, int[][] cells, int[] labels, int classes) {
  public LabelledRows {
    if (classes > RowTokens.LABELS || cells.length == 0 || cells.length != labels.length) {
      throw new IllegalArgumentException(
          "%d rows with %d labels of %d kinds cannot be read in context"
              .formatted(cells.length, labels.length, classes));
    }
  }

  /** How many rows there are. */
  int size() {
    return cells.length;
  }

  /**
   * Some of the rows.
   *
   * @param rows their indices
   */
  LabelledRows subset(int[] rows) {
    return new LabelledRows(
        categories,
        Arrays.stream(rows).mapToObj(r -> cells[r]).toArray(int[][]::new),
        Arrays.stream(rows).map(r -> labels[r]).toArray(),
        classes);
  }
}
