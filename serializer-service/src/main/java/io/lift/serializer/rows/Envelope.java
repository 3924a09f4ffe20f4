package io.lift.serializer.rows;

import io.lift.core.row.RejectReason;
import io.lift.core.row.RowRejectedException;
import io.lift.formats.SourceReader;
import io.lift.formats.SourceRow;
import io.lift.formats.registry.SchemaUnavailableException;
import io.lift.messages.DeadLetters;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.internals.Topic;

/**
 * What the key and headers of a record say about its row.
 *
 * @param id the row's id
 * @param key the key of the messages about the row
 * @param use how the row is used
 */
record Envelope(String id, byte[] key, Use use) {

  /** How a row is used, by header {@link Headers#USE}. */
  enum Use {
    TRAIN,
    TEST,
    BOTH,
    TRY
  }

  /**
   * Refuses a record that is too large.
   *
   * @param maxBytes largest key and value together
   */
  static void checkSize(ConsumerRecord<byte[], byte[]> record, int maxBytes)
      throws RowRejectedException {
    long key = record.key() == null ? 0 : record.key().length;
    long value = record.value() == null ? 0 : valueSize(record);
    if (key + value > maxBytes) {
      throw new RowRejectedException(
          RejectReason.TOO_LARGE,
          null,
          "The row has %d bytes, and the limit is %d.".formatted(key + value, maxBytes));
    }
  }

  /**
   * Reads and checks the key and headers of a record.
   *
   * @param source says what the keys of the rows are
   * @param row the row in the record
   * @throws RowRejectedException if the key or a header is missing or invalid
   * @throws SchemaUnavailableException if the schema of the key cannot be asked for now
   */
  static Envelope open(ConsumerRecord<byte[], byte[]> record, SourceReader source, SourceRow row)
      throws RowRejectedException, SchemaUnavailableException {
    boolean keyless = record.key() == null || record.key().length == 0;
    if (keyless && !source.hasIdInRow()) {
      throw new RowRejectedException(
          RejectReason.NULL_KEY,
          null,
          "The record has no key: a row needs its id as the key, or its source names the field that"
              + " is its id (--keys value:FIELD).");
    }
    String id = source.id(record, row);
    for (Header header : record.headers()) {
      check(header);
    }
    byte[] key = source.hasIdInRow() ? HeaderValues.bytes(id) : record.key();
    return new Envelope(id, key, use(record));
  }

  /** The size of the value, also if only its beginning was read. */
  private static long valueSize(ConsumerRecord<byte[], byte[]> record) {
    String size = HeaderValues.string(record.headers(), DeadLetters.READ_SIZE);
    return size == null ? record.value().length : Long.parseLong(size);
  }

  private static Use use(ConsumerRecord<byte[], byte[]> record) throws RowRejectedException {
    String value = HeaderValues.string(record.headers(), Headers.USE);
    if (value == null) {
      return Use.BOTH;
    }
    return switch (value) {
      case "train" -> Use.TRAIN;
      case "test" -> Use.TEST;
      case "both" -> Use.BOTH;
      case Headers.TRY -> Use.TRY;
      default -> throw invalid(Headers.USE, value, "train, test, both or try");
    };
  }

  /** Headers that are copied to the request must be valid there. */
  private static void check(Header header) throws RowRejectedException {
    if (header.value() == null) {
      return;
    }
    switch (header.key()) {
      case Headers.EXPLAIN -> checkExplain(header);
      case Headers.DEADLINE -> checkNumber(header, Long.MAX_VALUE);
      case Headers.REPLY_PARTITION -> checkNumber(header, Integer.MAX_VALUE);
      case Headers.REPLY_TOPIC, Headers.SMALLRYE_REPLY_TOPIC, Headers.SPRING_REPLY_TOPIC ->
          checkTopic(header);
      case Headers.SMALLRYE_REPLY_PARTITION, Headers.SPRING_REPLY_PARTITION ->
          checkBinaryPartition(header);
      default -> {}
    }
  }

  private static void checkExplain(Header header) throws RowRejectedException {
    String value = HeaderValues.text(header.value());
    if (!value.equals(HeaderValues.TRUE) && !value.equals(HeaderValues.FALSE)) {
      throw invalid(header.key(), value, HeaderValues.TRUE + " or " + HeaderValues.FALSE);
    }
  }

  private static void checkNumber(Header header, long max) throws RowRejectedException {
    String value = HeaderValues.text(header.value());
    try {
      long number = Long.parseLong(value);
      if (number >= 0 && number <= max) {
        return;
      }
    } catch (NumberFormatException e) {
      // rejected below
    }
    throw invalid(header.key(), value, "a whole number from 0 to " + max);
  }

  private static void checkTopic(Header header) throws RowRejectedException {
    String value = HeaderValues.text(header.value());
    try {
      Topic.validate(value);
    } catch (InvalidTopicException e) {
      throw invalid(header.key(), value, "the name of a topic");
    }
  }

  private static void checkBinaryPartition(Header header) throws RowRejectedException {
    byte[] value = header.value();
    if (value.length != Integer.BYTES || value[0] < 0) {
      throw invalid(header.key(), value.length + " bytes", "4 bytes, not below 0");
    }
  }

  private static RowRejectedException invalid(String name, String value, String expected) {
    String shown = value.length() <= 40 ? value : value.substring(0, 40) + "…";
    return new RowRejectedException(
        RejectReason.INVALID_HEADER,
        name,
        "Header %s is \"%s\", but it must be %s.".formatted(name, shown, expected));
  }
}
