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
 * A safetensors file that is open: its header is in memory, its tensors are read one by one, into
 * memory that the caller provides. So loading a model needs no more than the model. Not safe for
 * concurrent use.
 */
public final class TensorFile implements AutoCloseable {
  private static final int CHUNK = 1 << 18; // numbers that are decoded at once

  private final String name;
  private final FileChannel channel;
  private final TensorHeader header;
  private final long start;

  /**
   * A tensor of this file.
   *
   * @param file where it is
   * @param entry type, shape and place
   */
  public record Tensor(TensorFile file, TensorHeader.Entry entry) {
    public TensorType type() {
      return entry.type();
    }

    public long[] shape() {
      return entry.shape().clone();
    }

    /** How many numbers it has. */
    public long count() {
      return (entry.to() - entry.from()) / type().bytes();
    }

    /**
     * Reads some of its numbers.
     *
     * @param from the first number
     * @param to filled from position to limit
     * @throws InvalidModelException if the file ends early, cannot be read, or holds other numbers
     *     than finite floats
     */
    public void read(long from, FloatBuffer to) {
      file.read(entry, from, to);
    }

    /** A sentence that refuses it for its type. */
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
   * @throws InvalidModelException if there is none, or it contradicts itself
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

  /** Its file name. */
  public String name() {
    return name;
  }

  /** The {@code __metadata__} strings. */
  public Map<String, String> metadata() {
    return Map.copyOf(header.metadata());
  }

  /** The names of its tensors. */
  public Iterable<String> names() {
    return header.entries().keySet();
  }

  /**
   * A tensor, not read yet.
   *
   * @return null if there is none of that name
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

  /** What is said of a tensor whose numbers are not floats. */
  static String unreadable(String file, TensorHeader.Entry entry) {
    return "%s: tensor %s has dtype %s; F32, F16 and BF16 are read."
        .formatted(file, TensorHeader.shortened(entry.name()), entry.type());
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.NoSuchFileException ? "there is none" : e.toString();
  }

  private static void close(FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // it was only read
      }
    }
  }

  @Override
  public void close() {
    close(channel);
  }
}
