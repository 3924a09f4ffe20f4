package io.lift.core.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.core.Tasks;
import io.lift.core.row.Row;
import io.lift.core.row.RowParser;
import io.lift.core.row.RowRejectedException;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TemplateSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvTableTest {

  @Test
  void aRowIsAMapInTheOrderOfTheHeader() {
    List<Map<String, String>> rows = rows("b,a\n1,2\n3,\n");

    assertThat(rows).containsExactly(Map.of("b", "1", "a", "2"), Map.of("b", "3", "a", ""));
    assertThat(rows.get(0).keySet()).containsExactly("b", "a");
  }

  @Test
  void quotedFieldsKeepSeparatorsQuotesLinesAndSpaces() {
    assertThat(rows("a,b\r\n\"x,\"\"y\"\"\r\nz\",\" s \"\r\n"))
        .containsExactly(Map.of("a", "x,\"y\"\r\nz", "b", " s "));
  }

  @Test
  void theSeparatorIsFoundInTheHeader() {
    assertThat(rows("a;b\n1,5;2\n")).containsExactly(Map.of("a", "1,5", "b", "2"));
    assertThat(rows("a\tb\n1\t\n")).containsExactly(Map.of("a", "1", "b", ""));
    assertThat(rows("a|b\n1|2\n")).containsExactly(Map.of("a", "1", "b", "2"));
    assertThat(rows("\"a,b,c\";d\n1;2\n")).containsExactly(Map.of("a,b,c", "1", "d", "2"));
    assertThat(rows("a\n1\n")).containsExactly(Map.of("a", "1"));
  }

  @Test
  void aByteOrderMarkSpacesAndBlankLinesAreNoData() {
    assertThat(rows("\uFEFFa, b\n\n 1 , 2\n\n")).containsExactly(Map.of("a", "1", "b", "2"));
  }

  @Test
  void aRaggedRowIsAnErrorThatNamesItsLine() {
    rejects("a,b\n1,2\n3\n4,5\n", "people.csv line 3: the row has 1 fields, the header 2.");
    rejects("a,b\n1,2,3", "people.csv line 2: the row has 3 fields, the header 2.");
  }

  @Test
  void aHeaderThatNamesNoColumnsIsAnError() {
    rejects("", "people.csv is empty");
    rejects("a,b,a\n", "people.csv: two columns are named 'a'.");
  }

  @Test
  void aQuoteThatNeverClosesIsAnError() {
    rejects("a,b\n1,\"2\n3,4\n", "people.csv line");
  }

  @Test
  void aColumnWithoutANameIsCalledByItsIndex() {
    assertThat(rows(",x,y\n0,1,a\n"))
        .containsExactly(Map.of("Unnamed: 0", "0", "x", "1", "y", "a"));
    assertThat(rows("x,y,\n1,a,\n2,b\n"))
        .containsExactly(
            Map.of("x", "1", "y", "a", "Unnamed: 2", ""),
            Map.of("x", "2", "y", "b", "Unnamed: 2", ""));
  }

  @Test
  void separatorsAfterTheLastColumnAreNoFields() {
    assertThat(rows("x,y\n1,a,\n2,b,,\n"))
        .containsExactly(Map.of("x", "1", "y", "a"), Map.of("x", "2", "y", "b"));
    rejects("x,y\n1,a,b\n", "line 2: the row has 3 fields, the header 2.");
  }

  @Test
  void utf16AndLatin1FilesAreRecognised(@TempDir Path folder) throws IOException {
    String text = "Stadt,Preis\nKöln,5 €\n" + "Münster,7 €\n".repeat(20_000);
    for (Charset charset :
        List.of(
            StandardCharsets.UTF_8,
            StandardCharsets.UTF_16,
            StandardCharsets.UTF_16LE,
            StandardCharsets.UTF_16BE,
            Charset.forName("windows-1252"))) {
      Path file = Files.write(folder.resolve(charset.name()), text.getBytes(charset));
      try (CsvTable table = CsvTable.open(file)) {
        assertThat(table.columns()).containsExactly("Stadt", "Preis");
        assertThat(table.iterator().next()).isEqualTo(Map.of("Stadt", "Köln", "Preis", "5 €"));
        assertThat(table.remarks()).hasSize(charset == StandardCharsets.UTF_8 ? 0 : 1);
      }
    }
    Path file = Files.write(folder.resolve("greek.csv"), "λ\n1\n".getBytes("ISO-8859-7"));
    try (CsvTable table = CsvTable.open("g", file, Charset.forName("ISO-8859-7"))) {
      assertThat(table.columns()).containsExactly("λ");
      assertThat(table.remarks()).isEmpty();
    }
  }

  @Test
  void aFileThatIsNoTextIsNamedWithWhatItIs(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("book.xlsx"), new byte[] {'P', 'K', 3, 4, 0, 0, 9});
    assertThatThrownBy(() -> CsvTable.open(file))
        .isInstanceOf(InvalidCsvException.class)
        .hasMessageEndingWith(
            "book.xlsx is no CSV file but a ZIP archive, such as an Excel workbook: save the table"
                + " as CSV.");
    Path other = Files.write(folder.resolve("x.bin"), new byte[] {1, 2, 0, 0, 0, 7, 8, 9});
    assertThatThrownBy(() -> CsvTable.open(other)).hasMessageContaining("a binary file");
  }

  @Test
  void whatIsNotUtf8IsAnError() {
    assertThatThrownBy(() -> rows("a\nä\n", StandardCharsets.ISO_8859_1))
        .isInstanceOf(InvalidCsvException.class)
        .hasMessageContaining("not UTF-8")
        .hasMessageContaining("--encoding windows-1252");
  }

  @Test
  void rowsPassThroughOneByOne() throws IOException {
    byte[] header = "a,b\n".getBytes(StandardCharsets.UTF_8);
    byte[] row = ("x".repeat(100) + ",1\n").getBytes(StandardCharsets.UTF_8);
    int rows = 200_000;
    long read = 0;

    try (CsvTable table = CsvTable.open("endless", new Repeating(header, row, rows), null)) {
      for (Map<String, String> ignored : table) {
        read++;
      }
    }

    assertThat(read).isEqualTo(rows);
  }

  @Test
  void aMillionColumnsAreRejected() {
    rejects(String.join(",", Collections.nCopies(1_000_000, "c")), "a table can have 4097");
    rejects("\"" + "x".repeat(1_100_000) + "\"" + ",c".repeat(5_000), "a table can have 4097");
  }

  @Test
  void aRowWithoutEndIsRejected() {
    rejects("a,b\n1,\"2\n" + "3,4\n".repeat(600_000), "line 2: ");
    rejects("a,b\n1,\"2\n" + "3,4\n".repeat(600_000), "perhaps because a quote is not closed.");
    rejects("a,b\n1,2\n" + ",".repeat(3_000_000), "line 3: ");
  }

  @Test
  void aFileIsReadAndClosed(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("t.csv"), "a\n1\n");

    try (CsvTable table = CsvTable.open(file)) {
      assertThat(table.columns()).containsExactly("a");
      assertThat(table).hasSize(1);
    }
  }

  @Test
  void aRowWhoseFieldsAreMostlyEmptyNamesAllItsColumns() throws RowRejectedException {
    TaskSpec strict =
        Tasks.loans(TemplateSpec.paper(), NumberFormat.grid()).toBuilder().minColumns(0.5).build();
    Map<String, String> row = new LinkedHashMap<>();
    List.of("age", "income", "car", "note", "risk").forEach(column -> row.put(column, ""));
    row.put("age", "39");

    Row parsed = new RowParser(strict).parse(new JsonRows(strict).write(row));
    assertThat(parsed.values()).isEqualTo(Map.of("age", 39.0));
    assertThat(parsed.target()).isNull();
  }

  @Test
  void aRowBecomesJsonWithNumbersWhereTheTaskHasNumbers() {
    JsonRows json = new JsonRows(Tasks.loans(TemplateSpec.paper(), NumberFormat.grid()));
    Map<String, String> row = new LinkedHashMap<>();
    row.put("age", "39");
    row.put("income", " 1.50");
    row.put("car", "1");
    row.put("note", "");
    row.put("risk", "say \"low\"");
    row.put("other", "x");

    assertThat(json(json, row))
        .isEqualTo(
            "{\"age\":39,\"income\":1.5,\"car\":\"1\",\"note\":null,\"risk\":\"say"
                + " \\\"low\\\"\",\"other\":\"x\"}");
    assertThat(json(json, Map.of("age", "old"))).isEqualTo("{\"age\":\"old\"}");
    assertThat(json(json, Map.of("age", "NaN"))).isEqualTo("{\"age\":\"NaN\"}");
  }

  private static String json(JsonRows json, Map<String, String> row) {
    return new String(json.write(row), StandardCharsets.UTF_8);
  }

  private static void rejects(String csv, String why) {
    assertThatThrownBy(() -> rows(csv))
        .isInstanceOf(InvalidCsvException.class)
        .hasMessageContaining(why)
        .hasMessageEndingWith(".");
  }

  private static List<Map<String, String>> rows(String csv) {
    return rows(csv, StandardCharsets.UTF_8);
  }

  private static List<Map<String, String>> rows(String csv, Charset charset) {
    InputStream stream = new ByteArrayInputStream(csv.getBytes(charset));
    try (CsvTable table = CsvTable.open("people.csv", stream, null)) {
      List<Map<String, String>> rows = new ArrayList<>();
      table.forEach(rows::add);
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A header, then the same row again and again. */
  private static final class Repeating extends InputStream {
    private byte[] current;
    private final byte[] row;
    private int left;
    private int at;

    Repeating(byte[] header, byte[] row, int times) {
      current = header;
      this.row = row;
      left = times;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (at == current.length) {
        if (left-- == 0) {
          return -1;
        }
        current = row;
        at = 0;
      }
      int copied = Math.min(length, current.length - at);
      System.arraycopy(current, at, target, offset, copied);
      at += copied;
      return copied;
    }
  }
}
