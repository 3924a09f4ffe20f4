package io.lift.serializer.formats;

import io.lift.core.table.CsvTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The first rows of docs/example/loans.csv with their types. */
public final class LoanTable {
  /** The columns of whole numbers; the others are words. */
  public static final List<String> NUMBERS =
      List.of("salary", "commission", "age", "elevel", "hvalue", "hyears", "loan");

  public static final List<String> WORDS = List.of("car", "zipcode", "group");

  private LoanTable() {}

  /** Rows whose values are numbers and texts. */
  public static List<Map<String, Object>> rows(int count) throws IOException {
    Path root = Path.of(System.getProperty("user.dir")).getParent();
    List<Map<String, Object>> rows = new ArrayList<>();
    try (CsvTable table = CsvTable.open("loans", root.resolve("docs/example/loans.csv"), null)) {
      for (Map<String, String> line : table) {
        if (rows.size() < count) {
          Map<String, Object> row = new LinkedHashMap<>();
          line.forEach(
              (name, text) -> row.put(name, NUMBERS.contains(name) ? Long.valueOf(text) : text));
          rows.add(row);
        }
      }
    }
    return rows;
  }
}
