package io.lift.core.table;

import io.lift.core.task.TaskSpecs;
import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
 * A CSV table, read row by row: RFC 4180 in UTF-8, with or without a byte order mark. The first
 * line names the columns. Fields are separated by comma, semicolon, tab or {@code |}, whichever
 * occurs most often in the header outside of quotes. Spaces around unquoted fields are dropped, and
 * blank lines are skipped. A row is a map of its columns, in the order of the header. An empty
 * field is an empty string.
 *
 * <p>The table can be iterated once. The iterator throws {@link InvalidCsvException} with the line
 * number if the file is not such a table.
 */
public final class CsvTable implements RowTable {
  private static final char[] DELIMITERS = {',', ';', '\t', '|'};
  private static final int MAX_HEADER = 1 << 20;
  private static final int MAX_COLUMNS = TaskSpecs.MAX_FEATURES + 1;

  /**
   * Most characters of one row. A longer row means an unclosed quote, or a file that is no table.
   */
  private static final int MAX_ROW = 2 * 1024 * 1024;

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final String name;
  private final RowLimit limit;
  private final CSVParser parser;
  private final Iterator<CSVRecord> records;
  private final List<String> columns;
  private long nextLine = 1; // line at which the next row begins

  private CsvTable(String name, Reader reader) throws IOException {
    this.name = name;
    limit = new RowLimit(reader);
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
   * Opens a file.
   *
   * @throws InvalidCsvException if its first line is not a header
   * @throws IOException if it cannot be read
   */
  public static CsvTable open(Path file) throws IOException {
    return open(file.toString(), Files.newInputStream(file));
  }

  /**
   * Reads a stream.
   *
   * @param name the name in messages
   * @param stream closed with the table
   * @throws InvalidCsvException if its first line is not a header
   * @throws IOException if it cannot be read
   */
  public static CsvTable open(String name, InputStream stream) throws IOException {
    Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8.newDecoder());
    try {
      return new CsvTable(name, reader);
    } catch (CharacterCodingException e) {
      stream.close();
      throw new InvalidCsvException(name + " is not UTF-8.");
    } catch (IOException | RuntimeException e) {
      stream.close();
      throw e;
    }
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
    if (record.size() != columns.size()) {
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
      row.put(columns.get(i), record.get(i));
    }
    return row;
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
    Set<String> seen = new HashSet<>();
    for (String column : header) {
      if (column.isBlank()) {
        throw new InvalidCsvException(name + ": column " + (seen.size() + 1) + " has no name.");
      }
      if (!seen.add(column)) {
        throw new InvalidCsvException(name + ": two columns are named '" + column + "'.");
      }
    }
    return List.copyOf(header.toList());
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
        ? new InvalidCsvException(line + "not UTF-8 here or shortly after.")
        : new InvalidCsvException(line + cause.getMessage().replaceFirst("[.]?$", "."));
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }

  /** Stops reading in a row that does not end. */
  private static final class RowLimit extends FilterReader {
    private long read;

    RowLimit(Reader reader) {
      super(reader);
    }

    /** A row has ended, about here. */
    void row() {
      read = 0;
    }

    @Override
    public int read() throws IOException {
      count(1);
      return super.read();
    }

    @Override
    public int read(char[] into, int from, int length) throws IOException {
      int got = super.read(into, from, length);
      count(got);
      return got;
    }

    private void count(int characters) throws IOException {
      read += characters;
      if (read > MAX_ROW) {
        throw new IOException(
            "this row has more than %d characters, perhaps because a quote is not closed"
                .formatted(MAX_ROW));
      }
    }
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
