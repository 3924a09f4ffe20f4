package io.lift.cli.term;

import java.util.ArrayList;
import java.util.List;

/** A table of plain text: columns as wide as needed, numbers to the right. */
public final class TextTable {
  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();

  public TextTable(String... header) {
    this.header = List.of(header);
  }

  public TextTable row(Object... cells) {
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(cell == null ? "" : cell.toString());
    }
    rows.add(row);
    return this;
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The lines, without a line end after the last. */
  public String render(Terminal terminal) {
    int columns = header.size();
    int[] width = new int[columns];
    boolean[] number = new boolean[columns];
    for (int c = 0; c < columns; c++) {
      width[c] = header.get(c).length();
      number[c] = !rows.isEmpty();
      for (List<String> row : rows) {
        width[c] = Math.max(width[c], row.get(c).length());
        number[c] &= row.get(c).matches("[-+]?[0-9][0-9.,]*( ?(%|s|ms))?|-|");
      }
    }
    StringBuilder text = new StringBuilder();
    text.append(terminal.bold(line(header, width, number)));
    for (List<String> row : rows) {
      text.append('\n').append(line(row, width, number));
    }
    return text.toString();
  }

  private static String line(List<String> cells, int[] width, boolean[] number) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < cells.size(); c++) {
      String padding = " ".repeat(width[c] - cells.get(c).length());
      line.append(c == 0 ? "" : "  ");
      line.append(number[c] ? padding + cells.get(c) : cells.get(c) + padding);
    }
    return line.toString().stripTrailing();
  }
}
