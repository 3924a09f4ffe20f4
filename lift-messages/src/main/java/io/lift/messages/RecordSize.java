package io.lift.messages;

import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;

/** How many bytes a record takes on a topic, uncompressed. */
public final class RecordSize {
  /** More than a batch of one record takes beside its key, value and headers. */
  private static final int BATCH = 128;

  /** More than the lengths of a header's name and value take. */
  private static final int HEADER = 10;

  private static final int LONGEST_CHARACTER = 3; // bytes of UTF-8 per char

  private RecordSize() {}

  /** An upper bound, in bytes. The key and the value may be null. */
  public static long of(byte[] key, byte[] value, org.apache.kafka.common.header.Headers headers) {
    long size = BATCH + length(key) + length(value);
    for (Header header : headers) {
      size += of(header);
    }
    return size;
  }

  /** An upper bound for one header, in bytes. */
  static long of(Header header) {
    return HEADER + (long) LONGEST_CHARACTER * header.key().length() + length(header.value());
  }

  /** Whether a client failed because the broker, or the client itself, takes no record so large. */
  public static boolean isTooLarge(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RecordTooLargeException
          || cause instanceof RecordBatchTooLargeException) {
        return true;
      }
    }
    return false;
  }

  private static long length(byte[] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
