package io.lift.model.incontext;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns the cells of a task's rows into numbers. A cell is a position on a number column's grid or
 * the index of a category, as the tokenizer has it, and -1 for a missing value. Positions are
 * numbers already. Each category that at least two rows in context have becomes a number of its
 * own, 1 or 0.
 */
public final class CellNumbers {
  private static final int POSITION = -1;

  private final List<int[]> features; // (column, category or POSITION)

  private CellNumbers(List<int[]> features) {
    this.features = features;
  }

  /**
   * @param categories of each column; 0 for a column of numbers
   * @param context (rows, columns) cells
   */
  public static CellNumbers of(int[] categories, int[][] context) {
    List<int[]> features = new ArrayList<>();
    for (int c = 0; c < categories.length; c++) {
      if (categories[c] == 0) {
        features.add(new int[] {c, POSITION});
        continue;
      }
      int[] counts = new int[categories[c]];
      for (int[] row : context) {
        if (row[c] >= 0) {
          counts[row[c]]++;
        }
      }
      for (int category = 0; category < counts.length; category++) {
        if (counts[category] >= 2) {
          features.add(new int[] {c, category});
        }
      }
    }
    return new CellNumbers(List.copyOf(features));
  }

  /** The numbers of a row; NaN where its cell is missing. */
  public double[] of(int[] cells) {
    double[] numbers = new double[features.size()];
    for (int i = 0; i < numbers.length; i++) {
      int cell = cells[features.get(i)[0]];
      int category = features.get(i)[1];
      if (cell < 0) {
        numbers[i] = Double.NaN;
      } else {
        numbers[i] = category == POSITION ? cell : cell == category ? 1 : 0;
      }
    }
    return numbers;
  }
}
