package io.lift.core.row;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** A check for strict UTF-8: no overlong forms, no surrogates, no truncated sequences. */
final class Utf8 {
  private Utf8() {}

  /** The offset of the first byte that is not valid UTF-8, or -1. */
  static int firstInvalid(byte[] bytes) {
    int ascii = 0;
    while (ascii < bytes.length && bytes[ascii] >= 0) {
      ascii++;
    }
    if (ascii == bytes.length) {
      return -1;
    }
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer rest = ByteBuffer.wrap(bytes, ascii, bytes.length - ascii);
    CharBuffer scratch = CharBuffer.allocate(Math.min(rest.remaining(), 4096) + 1);
    while (true) {
      CoderResult result = decoder.decode(rest, scratch, true);
      if (result.isUnderflow()) {
        return -1;
      }
      if (result.isError()) {
        return rest.position();
      }
      scratch.clear();
    }
  }
}
