package io.lift.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * An open safetensors file. Its header is in memory. Its tensors are read one by one into memory
 * that the caller provides, so that loading a model needs no more memory than the model. Not
 * thread-safe.
 */
public final class TensorFile implements AutoCloseable {
  private static final int CHUNK = 1 << 18; // numbers decoded at once

  private final String name;
  private final FileChannel channel;
  private final TensorHeader header;
  private final long start;

  /**
   * A tensor of this file.
   *
   * @param file the file
   * @param entry its type, shape and offsets
   */
  public record Tensor(TensorFile file, TensorHeader.Entry entry) {
    /** The type of its numbers. */
    public TensorType type() {
      return entry.type();
    }

    /** Its dimensions. */
    public long[] shape() {
      return entry.shape().clone();
    }

    /** The number of elements. */
    public long count() {
      return (entry.to() - entry.from()) / type().bytes();
    }

    /**
     * Reads some of its numbers.
     *
     * @param from index of the first number
     * @param to filled from position to limit
     * @throws InvalidModelException if the file ends early or cannot be read, or if a number is not
     *     a finite float
     */
    public void read(long from, FloatBuffer to) {
      file.read(entry, from, to);
    }

    /** The error message for a tensor whose type cannot be read. */
    public String unreadable() {
      return TensorFile.unreadable(file.name, entry);
    }

    /** All its numbers; see {@link #read}. */
    public float[] floats() {
      float[] numbers = new float[Math.toIntExact(count())];
      read(0, FloatBuffer.wrap(numbers));
      return numbers;
    }
  }

  private TensorFile(String name, FileChannel channel, TensorHeader header, long start) {
    this.name = name;
    this.channel = channel;
    this.header = header;
    this.start = start;
  }

  /**
   * Opens a file and reads its header.
   *
   * @throws InvalidModelException if there is no such file, or if it is inconsistent
   */
  public static TensorFile open(Path path) {
    String name = path.getFileName().toString();
    FileChannel channel = null;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
      long size = channel.size();
      ByteBuffer prefix = ByteBuffer.allocate((int) Math.min(size, TensorHeader.PREFIX));
      fill(name, channel, prefix, 0);
      int length = TensorHeader.length(name, prefix.flip(), size);
      ByteBuffer json = ByteBuffer.allocate(length);
      fill(name, channel, json, TensorHeader.PREFIX);
      long start = TensorHeader.PREFIX + (long) length;
      TensorHeader header = TensorHeader.read(name, json.array(), 0, length, size - start);
      TensorFile opened = new TensorFile(name, channel, header, start);
      channel = null;
      return opened;
    } catch (IOException e) {
      throw new InvalidModelException("The file " + path + " cannot be read: " + reason(e) + ".");
    } catch (Safetensors.Invalid e) {
      throw new InvalidModelException(e.getMessage());
    } finally {
      close(channel);
    }
  }

  /** The name of the file. */
  public String name() {
    return name;
  }

  /** The {@code __metadata__} strings. */
  public Map<String, String> metadata() {
    return Map.copyOf(header.metadata());
  }

  /** The names of all tensors. */
  public Iterable<String> names() {
    return header.entries().keySet();
  }

  /**
   * A tensor of this file. Its numbers are not read yet.
   *
   * @return null if there is no tensor of that name
   */
  public Tensor tensor(String tensor) {
    TensorHeader.Entry entry = header.entries().get(tensor);
    return entry == null ? null : new Tensor(this, entry);
  }

  private void read(TensorHeader.Entry entry, long from, FloatBuffer to) {
    TensorType type = entry.type();
    if (!type.readable()) {
      throw new InvalidModelException(unreadable(name, entry));
    }
    long at = entry.from() + from * type.bytes();
    if (from < 0 || at + (long) to.remaining() * type.bytes() > entry.to()) {
      throw new IllegalArgumentException("a tensor has no numbers after its last");
    }
    float[] numbers = new float[Math.min(to.remaining(), CHUNK)];
    ByteBuffer stored = ByteBuffer.allocate(numbers.length * type.bytes());
    stored.order(ByteOrder.LITTLE_ENDIAN);
    try {
      while (to.hasRemaining()) {
        int count = Math.min(to.remaining(), numbers.length);
        fill(name, channel, stored.clear().limit(count * type.bytes()), start + at);
        if (!type.decode(stored.flip(), numbers, count)) {
          throw new InvalidModelException(
              "%s: tensor %s holds numbers that are not finite."
                  .formatted(name, TensorHeader.shortened(entry.name())));
        }
        to.put(numbers, 0, count);
        at += (long) count * type.bytes();
      }
    } catch (IOException e) {
      throw new InvalidModelException("The file " + name + " cannot be read: " + reason(e) + ".");
    }
  }

  private static void fill(String name, FileChannel channel, ByteBuffer to, long from)
      throws IOException {
    while (to.hasRemaining()) {
      int read = channel.read(to, from);
      if (read < 0) {
        throw new InvalidModelException(name + " has become shorter while it was read.");
      }
      from += read;
    }
  }

  /** The error message for a tensor whose type cannot be read. */
  static String unreadable(String file, TensorHeader.Entry entry) {
    return "%s: tensor %s has dtype %s; F32, F16 and BF16 are supported."
        .formatted(file, TensorHeader.shortened(entry.name()), entry.type());
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.NoSuchFileException ? "it does not exist" : e.getMessage();
  }

  private static void close(FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // nothing was written, so nothing is lost
      }
    }
  }

  @Override
  public void close() {
    close(channel);
  }
}
