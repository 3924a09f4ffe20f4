package io.lift.inference.protocol;

import io.lift.inference.calls.CallException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The types of a tensor's elements. */
public enum DataType {
  BOOL(1),
  UINT8(1),
  UINT16(2),
  UINT32(4),
  UINT64(8),
  INT8(1),
  INT16(2),
  INT32(4),
  INT64(8),
  FP16(2),
  FP32(4),
  FP64(8),
  BYTES(0);

  private static final BigInteger UNSIGNED_RANGE = BigInteger.ONE.shiftLeft(Long.SIZE);

  private final int bytes;

  DataType(int bytes) {
    this.bytes = bytes;
  }

  /**
   * The type with a name.
   *
   * @param input the input that has it, for the message
   * @throws CallException if there is no such type
   */
  public static DataType of(String input, String name) throws CallException {
    try {
      return valueOf(String.valueOf(name));
    } catch (IllegalArgumentException e) {
      throw new CallException(
          CallException.Kind.INVALID,
          "input %s has the datatype %s; there are %s"
              .formatted(input, name, Arrays.toString(values())));
    }
  }

  /** Bytes of an element in raw contents; 0 if elements differ. */
  int bytes() {
    return bytes;
  }

  /** Whether an element of JSON, never null, may be of this type. */
  boolean takes(Object element) {
    return switch (this) {
      case BOOL -> element instanceof Boolean;
      case BYTES -> element instanceof String;
      case FP16, FP32, FP64 -> element instanceof Number;
      default -> element instanceof Number number && isWhole(number);
    };
  }

  private static boolean isWhole(Number number) {
    return !(number instanceof Double || number instanceof Float)
        || number.doubleValue() == Math.rint(number.doubleValue());
  }

  /** What an element is called in a message. */
  String words() {
    return switch (this) {
      case BOOL -> "true or false";
      case BYTES -> "text";
      case FP16, FP32, FP64 -> "a number";
      default -> "a whole number";
    };
  }

  /** The next element of raw contents in little-endian order; not of {@link #BYTES}. */
  Object read(ByteBuffer raw) {
    return switch (this) {
      case BOOL -> raw.get() != 0;
      case UINT8 -> Byte.toUnsignedInt(raw.get());
      case UINT16 -> Short.toUnsignedInt(raw.getShort());
      case UINT32 -> Integer.toUnsignedLong(raw.getInt());
      case UINT64 -> unsigned(raw.getLong());
      case INT8 -> (int) raw.get();
      case INT16 -> (int) raw.getShort();
      case INT32 -> raw.getInt();
      case INT64 -> raw.getLong();
      case FP16 -> half(raw.getShort());
      case FP32 -> shortest(raw.getFloat());
      case FP64 -> raw.getDouble();
      case BYTES -> throw new IllegalArgumentException("elements of BYTES have lengths");
    };
  }

  /** A number of 64 bits without a sign. */
  public static Number unsigned(long bits) {
    return bits >= 0 ? bits : BigInteger.valueOf(bits).add(UNSIGNED_RANGE);
  }

  /** The double with the fewest digits that is this float, so that 0.1f is 0.1. */
  public static double shortest(float number) {
    return Double.parseDouble(Float.toString(number));
  }

  /** IEEE 754 half precision. */
  private static double half(short bits) {
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    double size =
        switch (exponent) {
          case 0 -> Math.scalb((double) fraction, -24);
          case 0x1f -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
          default -> Math.scalb((double) (fraction | 0x400), exponent - 25);
        };
    return bits < 0 ? -size : size;
  }
}
