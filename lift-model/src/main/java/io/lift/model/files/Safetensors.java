package io.lift.model.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A safetensors file of 32-bit floats: named arrays and a map of strings. Written without padding,
 * names in order of insertion, so that equal content gives equal bytes.
 *
 * @param metadata the {@code __metadata__} strings
 * @param tensors the arrays by name
 */
public record Safetensors(Map<String, String> metadata, Map<String, Tensor> tensors) {
  /** Longest header that is read; the format's own reference implementation has the same bound. */
  public static final int MAX_HEADER = 100_000_000;

  private static final String METADATA = "__metadata__";
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * One array, row-major.
   *
   * @param shape its dimensions; empty for a scalar
   * @param data as many numbers as the product of the dimensions
   */
  public record Tensor(long[] shape, float[] data) {}

  /** Thrown where a file is not what it should be; the message is one sentence. */
  public static final class Invalid extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Invalid(String message) {
      super(message);
    }
  }

  /** The file as bytes. */
  public byte[] toBytes() {
    ObjectNode header = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode strings = header.putObject(METADATA);
      new TreeMap<>(metadata).forEach(strings::put);
    }
    long end = 0;
    for (Map.Entry<String, Tensor> e : tensors.entrySet()) {
      ObjectNode entry = header.putObject(e.getKey()).put("dtype", "F32");
      Arrays.stream(e.getValue().shape()).forEach(entry.putArray("shape")::add);
      entry.putArray("data_offsets").add(end).add(end + 4L * e.getValue().data().length);
      end += 4L * e.getValue().data().length;
    }
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    int aligned = (text.length + 7) / 8 * 8; // data starts on 8 bytes; the header ends in spaces
    ByteBuffer out =
        ByteBuffer.allocate(Math.toIntExact(8 + aligned + end)).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(aligned).put(text).put(" ".repeat(aligned - text.length).getBytes());
    for (Tensor tensor : tensors.values()) {
      out.asFloatBuffer().put(tensor.data());
      out.position(out.position() + 4 * tensor.data().length);
    }
    return out.array();
  }

  /**
   * Reads a file.
   *
   * @param file its name, for messages
   * @throws Invalid if it is truncated, contradicts itself, or holds another type than F32
   */
  public static Safetensors read(String file, byte[] bytes) {
    if (bytes.length < 8) {
      throw new Invalid(file + " is truncated: it has no safetensors header.");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long length = buffer.getLong();
    if (length < 0 || length > MAX_HEADER) {
      throw new Invalid(
          file + " is not a safetensors file: it announces a header of " + length + " bytes.");
    }
    if (length > bytes.length - 8) {
      throw new Invalid(file + " is truncated: its header ends beyond the end of the file.");
    }
    JsonNode header = header(file, bytes, (int) length);
    buffer.position(8 + (int) length);
    ByteBuffer data = buffer.slice().order(ByteOrder.LITTLE_ENDIAN);

    Map<String, String> metadata = new LinkedHashMap<>();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    List<long[]> spans = new ArrayList<>();
    for (Iterator<Map.Entry<String, JsonNode>> it = header.fields(); it.hasNext(); ) {
      Map.Entry<String, JsonNode> e = it.next();
      if (e.getKey().equals(METADATA)) {
        e.getValue()
            .fields()
            .forEachRemaining(s -> metadata.put(s.getKey(), s.getValue().asText()));
      } else {
        tensors.put(e.getKey(), tensor(file, e.getKey(), e.getValue(), data, spans));
      }
    }
    checkSpans(file, spans, data.capacity());
    return new Safetensors(metadata, tensors);
  }

  private static JsonNode header(String file, byte[] bytes, int length) {
    try {
      JsonNode header = JSON.readTree(bytes, 8, length);
      if (header != null && header.isObject()) {
        return header;
      }
    } catch (IOException e) {
      // said below
    }
    throw new Invalid(file + " is not a safetensors file: its header is not a JSON object.");
  }

  private static Tensor tensor(
      String file, String name, JsonNode entry, ByteBuffer data, List<long[]> spans) {
    String where = file + ": tensor " + name;
    String type = entry.path("dtype").asText();
    if (!type.equals("F32")) {
      throw new Invalid(where + " has dtype " + type + "; only F32 is read.");
    }
    JsonNode offsets = entry.path("data_offsets");
    JsonNode dimensions = entry.path("shape");
    if (offsets.size() != 2 || !dimensions.isArray()) {
      throw new Invalid(where + " lacks its shape or data_offsets.");
    }
    long from = offsets.get(0).asLong(-1);
    long to = offsets.get(1).asLong(-1);
    if (from < 0 || to < from || to > data.capacity()) {
      throw new Invalid(
          where + " lies at " + from + ".." + to + " of " + data.capacity() + " data bytes.");
    }
    long[] shape = new long[dimensions.size()];
    long count = 1;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = dimensions.get(i).asLong(-1);
      if (shape[i] < 0 || (shape[i] > 0 && count > Integer.MAX_VALUE / shape[i])) {
        throw new Invalid(where + " has an impossible shape " + dimensions + ".");
      }
      count *= shape[i];
    }
    if (to - from != 4 * count) {
      throw new Invalid(
          where + " has shape " + dimensions + " but " + (to - from) + " bytes of data.");
    }
    spans.add(new long[] {from, to});
    float[] numbers = new float[(int) count];
    data.position((int) from);
    data.asFloatBuffer().get(numbers);
    return new Tensor(shape, numbers);
  }

  /** The arrays must cover the data without gap or overlap, as the format demands. */
  private static void checkSpans(String file, List<long[]> spans, long size) {
    spans.sort(Comparator.<long[]>comparingLong(s -> s[0]).thenComparingLong(s -> s[1]));
    long end = 0;
    for (long[] span : spans) {
      if (span[0] != end) {
        throw new Invalid(
            file
                + ": its tensors "
                + (span[0] < end ? "overlap" : "leave a gap")
                + " at "
                + end
                + ".");
      }
      end = span[1];
    }
    if (end != size) {
      throw new Invalid(file + " has " + (size - end) + " bytes after its last tensor.");
    }
  }
}
