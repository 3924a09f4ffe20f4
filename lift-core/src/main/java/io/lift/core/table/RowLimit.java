package io.lift.core.table;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/** Stops reading in a row that does not end. */
final class RowLimit extends FilterReader {
  /**
   * Most characters of one row. A longer row means an unclosed quote, or a file that is no table.
   */
  private static final int MAX_ROW = 2 * 1024 * 1024;

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
