package io.lift.model.incontext;

import io.lift.model.text.TableColumn;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the cells of a row from its tokens: a position on a number column's grid or the index of a
 * category, and -1 for a missing value. Columns that are written as text are left out.
 *
 * @param columns of the task
 */
public record TokenCells(List<TableColumn> columns) {

  /** Categories of each column; 0 for a column of numbers. */
  public int[] categories() {
    return columns.stream().mapToInt(c -> c.number() ? 0 : c.values()).toArray();
  }

  /** The cells of one row; of the last row where the prompt has several. */
  public int[] of(int[] tokens) {
    int[] cells = new int[columns.size()];
    Arrays.fill(cells, -1);
    for (int c = 0; c < cells.length; c++) {
      TableColumn column = columns.get(c);
      for (int token : tokens) {
        if (token >= column.first() && token <= column.missing()) {
          cells[c] = token == column.missing() ? -1 : token - column.first();
        }
      }
    }
    return cells;
  }
}
