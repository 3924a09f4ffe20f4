package io.lift.model.incontext;

import java.util.Arrays;

/**
 * Labelled rows of a task.
 *
 * @param categories of each column; 0 for a column of numbers
 * @param cells (rows, columns): a position on the column's grid or the index of a category, -1 for
 *     a missing value
 * @param labels of these rows, from 0; of a regression cells of the target's grid
 * @param classes how many labels the task has, or cells the target's grid
 * @param numbers whether this is a regression, so that labels have an order
 */
public record LabelledRows(
    int[] categories, int[][] cells, int[] labels, int classes, boolean numbers) {
  /** Labels that a task may have; of a regression any number. */
  public static final int MAX_LABELS = RowFeatures.LABELS * RowFeatures.LABELS;

  public LabelledRows {
    if (cells.length == 0 || cells.length != labels.length || !numbers && classes > MAX_LABELS) {
      throw new IllegalArgumentException(
          "%d rows with %d labels of %d kinds cannot be read in context"
              .formatted(cells.length, labels.length, classes));
    }
  }

  /** Rows of a classification. */
  public LabelledRows(int[] categories, int[][] cells, int[] labels, int classes) {
    this(categories, cells, labels, classes, false);
  }

  /** Whether each column has categories. */
  public boolean[] ofCategories() {
    boolean[] kinds = new boolean[categories.length];
    for (int c = 0; c < kinds.length; c++) {
      kinds[c] = categories[c] > 0;
    }
    return kinds;
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
        classes,
        numbers);
  }

  /** The same rows with other labels. */
  LabelledRows relabelled(int[] newLabels, int newClasses) {
    return new LabelledRows(categories, cells, newLabels, newClasses, false);
  }

  /** Cells by column, as numbers; NaN where one is missing. */
  public static double[][] columns(int[][] cells) {
    double[][] columns = new double[cells[0].length][cells.length];
    for (int r = 0; r < cells.length; r++) {
      for (int c = 0; c < columns.length; c++) {
        columns[c][r] = cells[r][c] < 0 ? Double.NaN : cells[r][c];
      }
    }
    return columns;
  }
}
