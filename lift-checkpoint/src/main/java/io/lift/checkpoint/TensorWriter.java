package io.lift.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;

/** Writes a safetensors file piece by piece, so that its tensors need not be in memory at once. */
public final class TensorWriter implements AutoCloseable {
  private static final int CHUNK = 1 << 18; // numbers encoded at once

  private final FileChannel channel;
  private final TensorType type;
  private long missing; // numbers that are announced and not written yet

  /**
   * Creates a file and writes its header.
   *
   * @param type type of all tensors: F32, F16 or BF16
   * @param shapes shapes by name, in the order in which the tensors will be written
   */
  public TensorWriter(Path file, TensorType type, Map<String, long[]> shapes) throws IOException {
    this.type = type;
    ObjectNode header = new ObjectMapper().createObjectNode();
    header.putObject(TensorHeader.METADATA).put("format", "pt");
    for (Map.Entry<String, long[]> e : shapes.entrySet()) {
      long count = Arrays.stream(e.getValue()).reduce(1, Math::multiplyExact);
      ObjectNode entry = header.putObject(e.getKey()).put("dtype", type.name());
      Arrays.stream(e.getValue()).forEach(entry.putArray("shape")::add);
      long from = missing * type.bytes();
      missing += count;
      entry.putArray("data_offsets").add(from).add(missing * type.bytes());
    }
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    int aligned = (text.length + 7) / 8 * 8;
    ByteBuffer start = buffer(TensorHeader.PREFIX + aligned);
    start.putLong(aligned).put(text);
    while (start.hasRemaining()) {
      start.put((byte) ' ');
    }
    channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
    write(start.flip());
  }

  /** Writes the next numbers. */
  public void write(float[] numbers) throws IOException {
    missing -= numbers.length;
    ByteBuffer chunk = buffer(Math.min(numbers.length, CHUNK) * type.bytes());
    for (int from = 0; from < numbers.length; from += CHUNK) {
      float[] part = Arrays.copyOfRange(numbers, from, Math.min(numbers.length, from + CHUNK));
      type.encode(part, part.length, chunk.clear());
      write(chunk.flip());
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    channel.close();
    if (missing != 0) {
      throw new IllegalStateException(missing + " numbers were announced and not written");
    }
  }
}
