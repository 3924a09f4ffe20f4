package io.lift.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file: the types, shapes and offsets of its tensors. The file is not
 * trusted. Lengths are checked against the file before memory is allocated, and the tensors must
 * cover the data without gap or overlap, as the format requires.
 *
 * @param metadata the {@code __metadata__} strings
 * @param entries the tensors in the header's order
 */
record TensorHeader(Map<String, String> metadata, Map<String, Entry> entries) {
  /** Bytes of the header's length, which precedes the header. */
  static final int PREFIX = 8;

  /** Longest supported header, in bytes; the reference implementation has the same limit. */
  static final int MAX_HEADER = 100_000_000;

  static final String METADATA = "__metadata__";
  private static final int MAX_DIMENSIONS = 16;
  private static final JsonFactory JSON =
      new JsonFactory().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  /**
   * One tensor.
   *
   * @param from offset of its first byte, from the end of the header
   * @param to offset after its last byte
   */
  record Entry(String name, TensorType type, long[] shape, long from, long to) {}

  /** Thrown where the JSON does not follow the format. */
  private static final class Unexpected extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Reads the length of the header.
   *
   * @param file name of the file, for messages
   * @param start the first 8 bytes of the file, or fewer if it is shorter
   * @param size size of the file in bytes
   */
  static int length(String file, ByteBuffer start, long size) {
    if (size < PREFIX) {
      throw new Safetensors.Invalid(file + " is truncated: it has no safetensors header.");
    }
    long length = start.order(ByteOrder.LITTLE_ENDIAN).getLong(start.position());
    if (length < 0 || length > MAX_HEADER) {
      throw new Safetensors.Invalid(
          file + " is not a safetensors file: it announces a header of " + length + " bytes.");
    }
    if (length > size - PREFIX) {
      throw new Safetensors.Invalid(
          file + " is truncated: its header ends beyond the end of the file.");
    }
    return (int) length;
  }

  /**
   * Reads a header.
   *
   * @param file name of the file, for messages
   * @param json bytes that contain the header
   * @param at offset of its first byte
   * @param length its length
   * @param data number of bytes after it in the file
   */
  static TensorHeader read(String file, byte[] json, int at, int length, long data) {
    Map<String, String> metadata = new LinkedHashMap<>();
    Map<String, Entry> entries = new LinkedHashMap<>();
    try (JsonParser parser = JSON.createParser(json, at, length)) {
      expect(parser.nextToken() == JsonToken.START_OBJECT);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        expect(parser.nextToken() == JsonToken.START_OBJECT);
        if (name.equals(METADATA)) {
          readMetadata(parser, metadata);
        } else {
          entries.put(name, entry(file, name, parser, data));
        }
      }
      expect(parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null);
    } catch (IOException e) {
      throw new Safetensors.Invalid(
          file + " is not a safetensors file: its header is not a JSON object of tensors.");
    }
    checkCovered(file, entries, data);
    return new TensorHeader(metadata, entries);
  }

  private static void readMetadata(JsonParser parser, Map<String, String> into) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      expect(parser.nextToken() == JsonToken.VALUE_STRING);
      into.put(key, parser.getText());
    }
  }

  private static Entry entry(String file, String name, JsonParser parser, long data)
      throws IOException {
    String type = null;
    long[] shape = null;
    long[] offsets = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (key) {
        case "dtype" -> {
          expect(value == JsonToken.VALUE_STRING);
          type = parser.getText();
        }
        case "shape" -> shape = numbers(parser, MAX_DIMENSIONS);
        case "data_offsets" -> offsets = numbers(parser, 2);
        default -> parser.skipChildren();
      }
    }
    return checked(file, name, type, shape, offsets, data);
  }

  private static long[] numbers(JsonParser parser, int most) throws IOException {
    expect(parser.currentToken() == JsonToken.START_ARRAY);
    long[] numbers = new long[most];
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      expect(parser.currentToken() == JsonToken.VALUE_NUMBER_INT && count < most);
      numbers[count++] = parser.getLongValue(); // throws if it is too large
    }
    return Arrays.copyOf(numbers, count);
  }

  private static Entry checked(
      String file, String name, String typeName, long[] shape, long[] offsets, long data) {
    String where = file + ": tensor " + shortened(name);
    TensorType type = TensorType.of(typeName);
    if (shape == null || offsets == null || offsets.length != 2 || typeName == null) {
      throw new Safetensors.Invalid(where + " lacks its shape, dtype or data_offsets.");
    }
    if (type == null) {
      throw new Safetensors.Invalid(
          where + " has dtype " + shortened(typeName) + ", which is unknown.");
    }
    long from = offsets[0];
    long to = offsets[1];
    if (from < 0 || to < from || to > data) {
      throw new Safetensors.Invalid(
          where + " lies at " + from + ".." + to + " of " + data + " data bytes.");
    }
    long count = 1;
    for (long dimension : shape) {
      if (dimension < 0 || (dimension > 0 && count > data / dimension)) {
        throw new Safetensors.Invalid(
            where + " has an impossible shape " + Arrays.toString(shape) + ".");
      }
      count *= dimension;
    }
    if (to - from != type.bytes() * count) {
      throw new Safetensors.Invalid(
          where
              + " has shape "
              + Arrays.toString(shape)
              + " but "
              + (to - from)
              + " bytes of data.");
    }
    return new Entry(name, type, shape, from, to);
  }

  private static void checkCovered(String file, Map<String, Entry> entries, long data) {
    List<Entry> sorted = new ArrayList<>(entries.values());
    sorted.sort(
        (a, b) -> a.from != b.from ? Long.compare(a.from, b.from) : Long.compare(a.to, b.to));
    long end = 0;
    for (Entry e : sorted) {
      if (e.from != end) {
        String how = e.from < end ? "overlap" : "leave a gap";
        throw new Safetensors.Invalid(file + ": its tensors " + how + " at " + end + ".");
      }
      end = e.to;
    }
    if (end != data) {
      throw new Safetensors.Invalid(
          file + " has " + (data - end) + " bytes after its last tensor.");
    }
  }

  /** A name for a message: without control characters and at most 100 characters long. */
  static String shortened(String name) {
    String line = name.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= 100 ? line : line.substring(0, 100) + "...";
  }

  private static void expect(boolean condition) throws Unexpected {
    if (!condition) {
      throw new Unexpected();
    }
  }
}
