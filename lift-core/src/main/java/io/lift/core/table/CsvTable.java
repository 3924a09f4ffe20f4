package io.lift.core.table;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * A CSV table, read row by row: RFC 4180 in UTF-8 or UTF-16, with or without a byte order mark. A
 * file that is neither is read as Latin-1. The first line names the columns; one that it leaves
 * without a name is called {@code Unnamed: N} by its index from 0. Fields are separated by comma,
 * semicolon, tab or {@code |}, whichever occurs most often in the header outside of quotes. Spaces
 * around unquoted fields are dropped, and blank lines are skipped. A row is a map of its columns,
 * in the order of the header. An empty field is an empty string. Empty fields after the last column
 * are no fields.
 *
 * <p>The table can be iterated once. The iterator throws {@link InvalidCsvException} with the line
 * number if the file is not such a table.
 */
public final class CsvTable implements RowTable {
  private static final char[] DELIMITERS = {',', ';', '\t', '|'};
  private static final int MAX_HEADER = 1 << 20;
  private static final int MAX_COLUMNS = 4097;

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final String name;
  private final Charset encoding;
  private final List<String> remarks = new ArrayList<>();
  private final RowLimit limit;
  private final CSVParser parser;
  private final Iterator<CSVRecord> records;
  private final List<String> columns;
  private boolean lastUnnamed; // the last column has no name
  private long nextLine = 1; // line at which the next row begins

  private CsvTable(String name, InputStream stream, Charset encoding) throws IOException {
    this.name = name;
    this.encoding = encoding;
    limit = new RowLimit(new InputStreamReader(stream, encoding.newDecoder()));
    BufferedReader buffered = new BufferedReader(limit, 1 << 16);
    skipByteOrderMark(buffered);
    parser =
        CSVFormat.RFC4180
            .builder()
            .setDelimiter(delimiter(buffered))
            .setIgnoreSurroundingSpaces(true)
            .setIgnoreEmptyLines(true)
            .get()
            .parse(buffered);
    records = parser.iterator();
    columns = header();
  }

  /**
   * Opens a file and finds out its encoding.
   *
   * @throws InvalidCsvException if it is no text, or its first line is not a header
   * @throws IOException if it cannot be read
   */
  public static CsvTable open(Path file) throws IOException {
    return open(file.toString(), file, null);
  }

  /**
   * Opens a file.
   *
   * @param name the name in messages
   * @param encoding null to find it out
   * @throws InvalidCsvException if it is no text, or its first line is not a header
   * @throws IOException if it cannot be read
   */
  public static CsvTable open(String name, Path file, Charset encoding) throws IOException {
    Charset found = encoding == null ? Encodings.of(file) : encoding;
    CsvTable table = open(name, Files.newInputStream(file), found);
    if (encoding == null && found != StandardCharsets.UTF_8) {
      table.remarks.add(
          "%s is read as %s%s."
              .formatted(
                  name,
                  found.name(),
                  found == Encodings.LATIN_1
                      ? " (Latin-1), because it is not UTF-8; if that is wrong, name its encoding"
                          + " with --encoding"
                      : ""));
    }
    return table;
  }

  /**
   * Reads a stream.
   *
   * @param name the name in messages
   * @param stream closed with the table
   * @param encoding null for UTF-16 if the beginning tells so, else UTF-8
   * @throws InvalidCsvException if it is no text, or its first line is not a header
   * @throws IOException if it cannot be read
   */
  public static CsvTable open(String name, InputStream stream, Charset encoding)
      throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(stream, 1 << 16);
    try {
      buffered.mark(Encodings.BEGINNING);
      byte[] beginning = buffered.readNBytes(Encodings.BEGINNING);
      buffered.reset();
      String other = Encodings.otherFile(beginning);
      if (other != null) {
        throw new InvalidCsvException(
            "%s is no CSV file but %s: save the table as CSV.".formatted(name, other));
      }
      Charset told = encoding == null ? Encodings.ofBeginning(beginning) : encoding;
      return new CsvTable(name, buffered, told == null ? StandardCharsets.UTF_8 : told);
    } catch (CharacterCodingException e) {
      stream.close();
      throw new InvalidCsvException(
          name + " is not " + (encoding == null ? wayOut() : encoding + "."));
    } catch (IOException | RuntimeException e) {
      stream.close();
      throw e;
    }
  }

  private static String wayOut() {
    return "UTF-8; name its encoding, such as --encoding windows-1252.";
  }

  @Override
  public List<String> remarks() {
    return List.copyOf(remarks);
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public Iterator<Map<String, String>> iterator() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        try {
          return records.hasNext();
        } catch (UncheckedIOException | IllegalStateException e) {
          throw unreadable(e);
        }
      }

      @Override
      public Map<String, String> next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        CSVRecord record = records.next();
        rowEnds();
        return row(record);
      }
    };
  }

  private Map<String, String> row(CSVRecord record) {
    if (!fits(record)) {
      throw new InvalidCsvException(
          name
              + " line "
              + parser.getCurrentLineNumber()
              + ": the row has "
              + record.size()
              + " fields, the header "
              + columns.size()
              + ".");
    }
    Map<String, String> row = new LinkedHashMap<>(columns.size() * 4 / 3 + 1);
    for (int i = 0; i < columns.size(); i++) {
      row.put(columns.get(i), i < record.size() ? record.get(i) : "");
    }
    return row;
  }

  /** A field is missing or too many only because of a separator at the end of the line. */
  private boolean fits(CSVRecord record) {
    int size = record.size();
    while (size > columns.size() && record.get(size - 1).isEmpty()) {
      size--;
    }
    return size == columns.size() || size == columns.size() - 1 && lastUnnamed;
  }

  private List<String> header() {
    CSVRecord header;
    try {
      if (!records.hasNext()) {
        throw new InvalidCsvException(name + " is empty: the first line must name the columns.");
      }
      header = records.next();
      rowEnds();
    } catch (UncheckedIOException | IllegalStateException e) {
      throw unreadable(e);
    }
    checkColumns(header.size());
    List<String> names = new ArrayList<>(header.size());
    Set<String> seen = new HashSet<>();
    for (String column : header) {
      lastUnnamed = column.isBlank();
      String named = lastUnnamed ? ColumnNames.unnamed(names.size()) : column;
      if (!seen.add(named)) {
        throw new InvalidCsvException(name + ": two columns are named '" + named + "'.");
      }
      names.add(named);
    }
    return List.copyOf(names);
  }

  private void rowEnds() {
    limit.row();
    nextLine = parser.getCurrentLineNumber() + 1;
  }

  private void checkColumns(int columns) {
    if (columns > MAX_COLUMNS) {
      throw new InvalidCsvException(
          "%s has %d columns or more; a table can have %d.".formatted(name, columns, MAX_COLUMNS));
    }
  }

  private RuntimeException unreadable(RuntimeException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    String line = name + " line " + nextLine + ": ";
    return cause instanceof CharacterCodingException
        ? new InvalidCsvException(
            line
                + "not "
                + encoding
                + " here or shortly after; name the encoding of the file, such as --encoding"
                + " windows-1252.")
        : new InvalidCsvException(line + cause.getMessage().replaceFirst("[.]?$", "."));
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }

  private static void skipByteOrderMark(BufferedReader reader) throws IOException {
    reader.mark(1);
    if (reader.read() != BYTE_ORDER_MARK) {
      reader.reset();
    }
  }

  /** The separator that the header has most of, outside quotes; comma if it has none. */
  private char delimiter(BufferedReader reader) throws IOException {
    int[] found = new int[DELIMITERS.length];
    boolean quoted = false;
    reader.mark(MAX_HEADER);
    for (int i = 0, c = reader.read(); i < MAX_HEADER - 1 && c >= 0; i++, c = reader.read()) {
      if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == '\n' || c == '\r')) {
        break;
      }
      for (int d = 0; d < found.length; d++) {
        found[d] += !quoted && c == DELIMITERS[d] ? 1 : 0;
      }
    }
    reader.reset();
    int most = 0;
    for (int d = 1; d < found.length; d++) {
      most = found[d] > found[most] ? d : most;
    }
    checkColumns(found[most] + 1);
    return DELIMITERS[most];
  }
}
