package io.lift.cli.rows;

import io.lift.cli.base.CliException;
import io.lift.cli.table.CsvFile;
import io.lift.core.table.ColumnNames;
import java.util.List;
import java.util.Map;

/** Ids of the rows of one run: those of a column, else file, time and row number. */
final class RowIds {
  private final String column;
  private final String prefix;

  /**
   * @param columns the file's columns
   * @param column the column that holds ids, or null
   */
  RowIds(List<String> columns, String file, String column) {
    if (column != null && !columns.contains(column)) {
      throw new CliException(
          "There is no column '%s' for --id; there is %s.", column, ColumnNames.list(columns));
    }
    this.column = column;
    this.prefix = CsvFile.stem(file) + "-" + Long.toString(System.currentTimeMillis(), 36) + "-";
  }

  /**
   * @param number of the row, from 1
   */
  String of(long number, Map<String, String> row) {
    if (column == null) {
      return prefix + number;
    }
    String id = row.get(column);
    if (id.isBlank()) {
      throw new CliException("Row %d has no value in the id column '%s'.", number, column);
    }
    return id;
  }
}
