package io.lift.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A safetensors file in memory: named arrays and a map of strings. It is written in 32-bit floats
 * without gaps, in order of insertion, so that equal content gives equal bytes. {@link TensorFile}
 * reads files that are too large for memory.
 *
 * @param metadata the {@code __metadata__} strings
 * @param tensors the arrays by name
 */
public record Safetensors(Map<String, String> metadata, Map<String, Tensor> tensors) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * One array, row-major.
   *
   * @param shape its dimensions; empty for a scalar
   * @param data the numbers; as many as the product of the dimensions
   */
  public record Tensor(long[] shape, float[] data) {}

  /** An invalid safetensors file. The message is one sentence with the reason. */
  public static final class Invalid extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Invalid(String message) {
      super(message);
    }
  }

  /** The bytes of the file. */
  public byte[] toBytes() {
    ObjectNode header = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode strings = header.putObject(TensorHeader.METADATA);
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
    int aligned = (text.length + 7) / 8 * 8; // data is aligned to 8 bytes; spaces fill the header
    ByteBuffer out =
        ByteBuffer.allocate(Math.toIntExact(TensorHeader.PREFIX + aligned + end))
            .order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(aligned).put(text).put(" ".repeat(aligned - text.length).getBytes());
    for (Tensor tensor : tensors.values()) {
      out.asFloatBuffer().put(tensor.data());
      out.position(out.position() + 4 * tensor.data().length);
    }
    return out.array();
  }

  /**
   * Reads a file of F32, F16 and BF16.
   *
   * @param file name of the file, for messages
   * @throws Invalid if it is truncated or inconsistent, or if it has another type
   */
  public static Safetensors read(String file, byte[] bytes) {
    int length = TensorHeader.length(file, ByteBuffer.wrap(bytes), bytes.length);
    int start = TensorHeader.PREFIX + length;
    TensorHeader header =
        TensorHeader.read(file, bytes, TensorHeader.PREFIX, length, bytes.length - start);
    ByteBuffer data = ByteBuffer.wrap(bytes);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (TensorHeader.Entry e : header.entries().values()) {
      if (!e.type().readable()) {
        throw new Invalid(TensorFile.unreadable(file, e));
      }
      float[] numbers = new float[(int) (e.to() - e.from()) / e.type().bytes()];
      e.type()
          .decode(
              data.slice(start + (int) e.from(), (int) (e.to() - e.from()))
                  .order(ByteOrder.LITTLE_ENDIAN),
              numbers,
              numbers.length);
      tensors.put(e.name(), new Tensor(e.shape(), numbers));
    }
    return new Safetensors(header.metadata(), tensors);
  }
}
