package io.lift.cli.table;

import io.lift.cli.base.CliException;
import io.lift.cli.base.Failures;
import io.lift.core.table.CsvTable;
import io.lift.core.table.RowTable;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** CSV files as the commands name them: a path, or {@code -} for standard input. */
public final class CsvFile {
  private CsvFile() {}

  /**
   * @param encoding null to find it out
   * @throws CliException if it cannot be read
   * @throws io.lift.core.table.InvalidCsvException if it is no table
   */
  public static CsvTable open(String file, Charset encoding) {
    try {
      if (file.equals("-")) {
        return CsvTable.open("standard input", System.in, encoding);
      }
      Path path = Path.of(file);
      if (Files.isDirectory(path)) {
        throw new CliException("%s is a directory.", file);
      }
      return CsvTable.open(file, path, encoding);
    } catch (InvalidPathException e) {
      throw new CliException(e, "There is no file " + file + ".");
    } catch (IOException e) {
      throw new CliException(e, Failures.ofFile("read", file, e));
    }
  }

  /** How many rows a file has. */
  public static long count(String file, Charset encoding) {
    long rows = 0;
    try (CsvTable table = open(file, encoding)) {
      for (Map<String, String> row : table) {
        rows += row == null ? 0 : 1;
      }
    } catch (IOException e) {
      throw new CliException(e, Failures.ofFile("read", file, e));
    }
    return rows;
  }

  /** All rows of a file that fits in memory. */
  public static List<Map<String, String>> readAll(String file) {
    return readAll(open(file, null), file);
  }

  /**
   * All rows of a table, which is then closed.
   *
   * @param name of the table in messages
   */
  public static List<Map<String, String>> readAll(RowTable open, String name) {
    List<Map<String, String>> rows = new ArrayList<>();
    try (RowTable table = open) {
      table.forEach(rows::add);
    } catch (IOException e) {
      throw new CliException(e, Failures.ofFile("read", name, e));
    }
    return rows;
  }

  /** A row without one of its columns. */
  public static Map<String, String> without(Map<String, String> row, String column) {
    Map<String, String> rest = new LinkedHashMap<>(row);
    rest.remove(column);
    return rest;
  }

  /** The file's name without directory and {@code .csv}. */
  public static String stem(String file) {
    return file.equals("-")
        ? "stdin"
        : Path.of(file).getFileName().toString().replaceAll("(?i)\\.csv$", "");
  }
}
