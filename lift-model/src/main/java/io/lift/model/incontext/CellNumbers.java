package io.lift.model.incontext;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns the cells of a task's rows into numbers. A cell is a place on a number column's grid or the
 * index of a category, as the tokenizer has it, and -1 where nothing is known. Places are numbers
 * already; of a category column, each category that at least two of the rows in context have
 * becomes a number of its own, 1 or 0.
 */
public final class CellNumbers {
  private static final int PLACE = -1;

  private final List<int[]> readers; // (column, category or PLACE)

  private CellNumbers(List<int[]> readers) {
    this.readers = readers;
  }

  /**
   * @param categories of each column; 0 for a column of numbers
   * @param context (rows, columns) cells
   */
  public static CellNumbers of(int[] categories, int[][] context) {
    List<int[]> readers = new ArrayList<>();
    for (int c = 0; c < categories.length; c++) {
      if (categories[c] == 0) {
        readers.add(new int[] {c, PLACE});
        continue;
      }
      int[] seen = new int[categories[c]];
      for (int[] row : context) {
        if (row[c] >= 0) {
          seen[row[c]]++;
        }
      }
      for (int category = 0; category < seen.length; category++) {
        if (seen[category] >= 2) {
          readers.add(new int[] {c, category});
        }
      }
    }
    return new CellNumbers(List.copyOf(readers));
  }

  /** The numbers of a row; NaN where its cell is missing. */
  public double[] of(int[] cells) {
    double[] numbers = new double[readers.size()];
    for (int i = 0; i < numbers.length; i++) {
      int cell = cells[readers.get(i)[0]];
      int category = readers.get(i)[1];
      if (cell < 0) {
        numbers[i] = Double.NaN;
      } else {
        numbers[i] = category == PLACE ? cell : cell == category ? 1 : 0;
      }
    }
    return numbers;
  }
}
