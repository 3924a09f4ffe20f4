package io.lift.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ShortBuffer;

/**
 * The type of a tensor's numbers in a file. Only {@link #F32}, {@link #F16} and {@link #BF16} can
 * be read and written; the size of the others is known.
 */
public enum TensorType {
  F32(4),
  F16(2),
  BF16(2),
  F64(8),
  I64(8),
  U64(8),
  I32(4),
  U32(4),
  I16(2),
  U16(2),
  I8(1),
  U8(1),
  BOOL(1),
  F8_E4M3(1),
  F8_E5M2(1);

  private final int bytes;

  TensorType(int bytes) {
    this.bytes = bytes;
  }

  /** The type with a given name in a header, or null. */
  static TensorType of(String name) {
    for (TensorType type : values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    return null;
  }

  /** The number of bytes of one number. */
  public int bytes() {
    return bytes;
  }

  /** Whether numbers of this type can be read: F32, F16 and BF16. */
  public boolean readable() {
    return ordinal() <= BF16.ordinal();
  }

  /**
   * Decodes numbers exactly.
   *
   * @param stored little-endian bytes, from the buffer's position
   * @param numbers receives the numbers, from index 0
   * @param count how many
   * @return whether all of them are finite
   */
  boolean decode(ByteBuffer stored, float[] numbers, int count) {
    if (this == F32) {
      stored.asFloatBuffer().get(numbers, 0, count);
    } else {
      ShortBuffer bits = stored.asShortBuffer();
      for (int i = 0; i < count; i++) {
        short each = bits.get(i);
        numbers[i] = this == BF16 ? Float.intBitsToFloat(each << 16) : half(each);
      }
    }
    boolean finite = true;
    for (int i = 0; i < count; i++) {
      finite &= Math.abs(numbers[i]) <= Float.MAX_VALUE;
    }
    return finite;
  }

  /** Appends numbers, each rounded to the nearest number of this type. */
  void encode(float[] numbers, int count, ByteBuffer to) {
    for (int i = 0; i < count; i++) {
      switch (this) {
        case F32 -> to.putFloat(numbers[i]);
        case BF16 -> to.putShort(brainFloat(numbers[i]));
        case F16 -> to.putShort(half(numbers[i]));
        default -> throw new IllegalStateException(this + " is not written");
      }
    }
  }

  private static short brainFloat(float number) {
    int bits = Float.floatToIntBits(number);
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }

  private static short half(float number) {
    int bits = Float.floatToIntBits(number);
    int sign = bits >>> 16 & 0x8000;
    float size = Math.abs(number);
    if (!(size < 65_520)) { // too large, or not a number
      return (short) (sign | (size == size ? 0x7c00 : 0x7e00));
    }
    if (size < 0x1p-14f) { // multiples of 2^-24
      return (short) (sign | (int) Math.rint(size * 0x1p24));
    }
    int rounded = (bits & 0x7fffffff) + 0xfff + (bits >>> 13 & 1);
    return (short) (sign | (rounded >>> 13) - (127 - 15 << 10));
  }

  private static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >>> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0) {
      float small = fraction * 0x1p-24f;
      return sign == 0 ? small : -small;
    }
    int wide = exponent == 31 ? 255 : exponent + 127 - 15;
    return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
  }
}
