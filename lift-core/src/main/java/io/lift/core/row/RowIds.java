package io.lift.core.row;

import io.lift.core.task.KeyType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads the ids of rows from the keys of their records. */
public final class RowIds {
  private RowIds() {}

  /**
   * The id of a row.
   *
   * @param type what the key is
   * @param key not null
   * @throws RowRejectedException if the key is not of this type
   */
  public static String of(KeyType type, byte[] key) throws RowRejectedException {
    return switch (type) {
      case TEXT -> text(key);
      case LONG -> Long.toString(buffer(key, Long.BYTES).getLong());
      case INT -> Integer.toString(buffer(key, Integer.BYTES).getInt());
    };
  }

  /** A binary number nearly always has a control character, so all such keys are refused alike. */
  private static String text(byte[] key) throws RowRejectedException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
    } catch (CharacterCodingException e) {
      throw notText("is not UTF-8", key);
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw notText("has control characters", key);
    }
    return text;
  }

  private static RowRejectedException notText(String what, byte[] key) {
    String way =
        switch (key.length) {
          case Long.BYTES ->
              " If the keys are numbers of 8 bytes, create the task with --keys long.";
          case Integer.BYTES ->
              " If the keys are numbers of 4 bytes, create the task with --keys int.";
          default -> "";
        };
    return new RowRejectedException(RejectReason.INVALID_UTF8, null, "The key " + what + "." + way);
  }

  private static ByteBuffer buffer(byte[] key, int bytes) throws RowRejectedException {
    if (key.length != bytes) {
      throw new RowRejectedException(
          RejectReason.WRONG_TYPE,
          null,
          "The key has %d bytes, but the keys of this task are numbers of %d bytes."
              .formatted(key.length, bytes));
    }
    return ByteBuffer.wrap(key);
  }
}
