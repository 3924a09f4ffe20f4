package io.lift.inference.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lift.inference.calls.CallException;
import io.lift.inference.calls.CallException.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;

/** The elements of a tensor as bytes: little-endian, each element of BYTES behind its length. */
public final class RawContents {
  private RawContents() {}

  /**
   * Reads the elements of an input.
   *
   * @param name the input, for messages
   * @throws CallException if the bytes are not elements of the type
   */
  public static List<Object> read(String name, DataType type, ByteBuffer bytes)
      throws CallException {
    ByteBuffer raw = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    List<Object> elements = new ArrayList<>();
    if (type == DataType.BYTES) {
      while (raw.hasRemaining()) {
        int length = raw.remaining() < Integer.BYTES ? -1 : raw.getInt();
        if (length < 0 || length > raw.remaining()) {
          throw new CallException(
              Kind.INVALID,
              "input %s: the raw contents end within element %d".formatted(name, elements.size()));
        }
        ByteBuffer element = raw.slice(raw.position(), length);
        raw.position(raw.position() + length);
        elements.add(text(name, elements.size(), element));
      }
      return elements;
    }
    if (raw.remaining() % type.bytes() != 0) {
      throw new CallException(
          Kind.INVALID,
          "input %s: %d bytes of raw contents are no whole elements of %s"
              .formatted(name, raw.remaining(), type));
    }
    while (raw.hasRemaining()) {
      elements.add(type.read(raw));
    }
    return elements;
  }

  /**
   * An element of BYTES as text.
   *
   * @throws CallException if the bytes are not UTF-8
   */
  public static String text(String name, int row, ByteBuffer bytes) throws CallException {
    try {
      return UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new CallException(Kind.INVALID, "row %d: input %s is not UTF-8".formatted(row, name));
    }
  }

  /** Writes the elements of an output, which are of BOOL, FP64 or BYTES. */
  public static ByteBuffer write(List<Object> elements) {
    List<byte[]> parts = elements.stream().map(RawContents::bytes).toList();
    ByteBuffer raw = ByteBuffer.allocate(parts.stream().mapToInt(part -> part.length).sum());
    parts.forEach(raw::put);
    return raw.flip();
  }

  private static byte[] bytes(Object element) {
    if (element instanceof Boolean flag) {
      return new byte[] {(byte) (flag ? 1 : 0)};
    }
    if (element instanceof Double number) {
      return little(Double.BYTES).putDouble(number).array();
    }
    byte[] text = ((String) element).getBytes(UTF_8);
    return little(Integer.BYTES + text.length).putInt(text.length).put(text).array();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
