package io.lift.core.table;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Finds out in which encoding a text file is written. */
final class Encodings {
  /** Bytes at the beginning of a file from which its kind is told. */
  static final int BEGINNING = 4096;

  /** Latin-1 with the signs that Windows adds to it, such as the euro. */
  static final Charset LATIN_1 = Charset.forName("windows-1252");

  private static final int BUFFER = 1 << 16;

  /** Beginnings of files that are often taken for tables. */
  private static final Map<String, String> OTHER_FILES =
      Map.ofEntries(
          Map.entry("PK\003\004", "a ZIP archive, such as an Excel workbook"),
          Map.entry("\u00D0\u00CF\u0011\u00E0", "an old Excel workbook"),
          Map.entry("\u001F\u008B", "a file compressed by gzip"),
          Map.entry("BZh", "a file compressed by bzip2"),
          Map.entry("\u00FD7zXZ", "a file compressed by xz"),
          Map.entry("PAR1", "a Parquet file"),
          Map.entry("Obj\001", "an Avro file"),
          Map.entry("%PDF", "a PDF file"),
          Map.entry("\u0089PNG", "an image"),
          Map.entry("\u00FF\u00D8\u00FF", "an image"),
          Map.entry("SQLite format 3", "an SQLite database"));

  private Encodings() {}

  /**
   * The encoding that the beginning of a text tells: UTF-16 by its byte order mark or its NUL
   * bytes, UTF-8 by its byte order mark.
   *
   * @return null if it does not tell
   */
  static Charset ofBeginning(byte[] bytes) {
    if (starts(bytes, "\u00EF\u00BB\u00BF")) {
      return StandardCharsets.UTF_8;
    }
    if (starts(bytes, "\u00FF\u00FE")) {
      return StandardCharsets.UTF_16LE;
    }
    if (starts(bytes, "\u00FE\u00FF")) {
      return StandardCharsets.UTF_16BE;
    }
    int[] nul = new int[2];
    for (int i = 0; i < bytes.length; i++) {
      nul[i % 2] += bytes[i] == 0 ? 1 : 0;
    }
    int few = bytes.length / 4;
    if (bytes.length >= 4 && nul[1] > few && nul[0] == 0) {
      return StandardCharsets.UTF_16LE;
    }
    return bytes.length >= 4 && nul[0] > few && nul[1] == 0 ? StandardCharsets.UTF_16BE : null;
  }

  /** The encoding of a file: as its beginning tells, else UTF-8 if it is valid, else Latin-1. */
  static Charset of(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      Charset told = ofBeginning(in.readNBytes(BEGINNING));
      if (told != null) {
        return told;
      }
    }
    return isUtf8(file) ? StandardCharsets.UTF_8 : LATIN_1;
  }

  private static boolean isUtf8(Path file) throws IOException {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer bytes = ByteBuffer.allocate(BUFFER);
    CharBuffer scratch = CharBuffer.allocate(BUFFER);
    try (InputStream in = Files.newInputStream(file)) {
      boolean ended = false;
      while (!ended) {
        int got = in.read(bytes.array(), bytes.position(), bytes.remaining());
        ended = got < 0;
        bytes.position(bytes.position() + Math.max(0, got)).flip();
        CoderResult result = decoder.decode(bytes, scratch, ended);
        if (result.isError()) {
          return false;
        }
        bytes.compact();
        scratch.clear();
      }
    }
    return true;
  }

  /** What a file is that is no text, e.g. {@code a Parquet file}; null if it may be one. */
  static String otherFile(byte[] beginning) {
    for (Map.Entry<String, String> file : OTHER_FILES.entrySet()) {
      if (starts(beginning, file.getKey())) {
        return file.getValue();
      }
    }
    boolean nul = false;
    for (byte b : beginning) {
      nul |= b == 0;
    }
    return nul && ofBeginning(beginning) == null ? "a binary file" : null;
  }

  /**
   * @param mark one character for each byte
   */
  private static boolean starts(byte[] bytes, String mark) {
    byte[] expected = mark.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < expected.length; i++) {
      if (i >= bytes.length || bytes[i] != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
