package io.lift.messages;

import static io.lift.messages.HeaderValues.add;

import io.lift.core.row.RejectReason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Makes dead letters, which are records that one service could not use. Immutable. */
public final class DeadLetters {
  /** Largest dead letter, in bytes: a record of the largest size, and why it was rejected. */
  public static final int MAX_BYTES = Topics.MAX_RECORD_BYTES + Topics.LETTER_OVERHEAD_BYTES;

  /**
   * Header that a consumer of Lift adds to a record of whose value it has read the beginning alone:
   * the bytes that the value has. It is never sent.
   */
  public static final String READ_SIZE = "lift.read-size";

  private static final int MAX_TEXT = 1_000;

  /** What is kept of a value that does not fit, in bytes. */
  public static final int KEPT_VALUE = 64 * 1024;

  private static final int KEPT_KEY = 8 * 1024;
  private static final int KEPT_HEADER = 4 * 1024;
  private static final int KEPT_HEADERS = 32 * 1024;

  private static final List<String> ERROR_HEADERS =
      List.of(
          Headers.ERROR_REASON,
          Headers.ERROR_MESSAGE,
          Headers.ERROR_STAGE,
          Headers.ERROR_TASK,
          Headers.ERROR_FIELD,
          Headers.ERROR_TOPIC,
          Headers.ERROR_PARTITION,
          Headers.ERROR_OFFSET,
          Headers.ERROR_SIZE,
          Headers.ERROR_CUT,
          READ_SIZE);

  private final String topic;
  private final int most;
  private final String stage;

  /**
   * @param topics names the topic of dead letters
   * @param stage the service that rejects records, e.g. {@code serializer}
   */
  public DeadLetters(Topics topics, String stage) {
    this.topic = topics.deadLetters().name();
    this.most = Math.min(MAX_BYTES, topics.deadLetters().maxMessageBytes());
    this.stage = stage;
  }

  /**
   * A copy of the record, byte by byte, with the reason and the origin in the {@code lift.error}
   * headers. A record that does not fit is {@link #cut} instead: it can come from a topic with a
   * larger limit than ours, or be compressed there.
   *
   * @param task the task, or null if it is not known
   * @param field the field that is wrong, or null
   * @param message one sentence
   */
  public ProducerRecord<byte[], byte[]> of(
      ConsumerRecord<byte[], byte[]> source,
      String task,
      RejectReason reason,
      String field,
      String message) {
    if (source.headers().lastHeader(READ_SIZE) != null) {
      return cut(source, task, reason, field, message); // it was cut when it was read
    }
    RecordHeaders headers = new RecordHeaders(source.headers());
    ERROR_HEADERS.forEach(headers::remove); // of an earlier dead letter that was sent again
    describe(headers, source, task, reason, field, message);
    return RecordSize.of(source.key(), source.value(), headers) <= most
        ? new ProducerRecord<>(topic, null, source.key(), source.value(), headers)
        : cut(source, task, reason, field, message);
  }

  /**
   * The same with at most 64 KiB of the value, 8 KiB of the key, 4 KiB of a header's value and 32
   * KiB of headers. {@link Headers#ERROR_CUT} says what was cut, and {@link Headers#ERROR_SIZE} has
   * the value's original size if that was.
   */
  public ProducerRecord<byte[], byte[]> cut(
      ConsumerRecord<byte[], byte[]> source,
      String task,
      RejectReason reason,
      String field,
      String message) {
    RecordHeaders headers = new RecordHeaders();
    List<String> cuts = new ArrayList<>();
    byte[] value = prefix("value", source.value(), KEPT_VALUE, new ArrayList<>());
    String size = HeaderValues.string(source.headers(), READ_SIZE);
    if (size == null && value != null && value.length < source.value().length) {
      size = Integer.toString(source.value().length);
    }
    if (size != null) {
      cuts.add("value of %s bytes".formatted(size));
    }
    byte[] key = prefix("key", source.key(), KEPT_KEY, cuts);
    copyHeaders(source, headers, cuts);
    describe(headers, source, task, reason, field, message);
    add(headers, Headers.ERROR_SIZE, size);
    add(headers, Headers.ERROR_CUT, cuts.isEmpty() ? null : shortened(String.join("; ", cuts)));
    return new ProducerRecord<>(topic, null, key, value, headers);
  }

  private static void copyHeaders(
      ConsumerRecord<byte[], byte[]> source, RecordHeaders headers, List<String> cuts) {
    long kept = 0;
    int left = 0;
    for (Header header : source.headers()) {
      if (ERROR_HEADERS.contains(header.key())) {
        continue;
      }
      List<String> cut = new ArrayList<>(1);
      byte[] value = prefix("header " + header.key(), header.value(), KEPT_HEADER, cut);
      Header copy = new RecordHeader(header.key(), value);
      long size = RecordSize.of(copy);
      if (kept + size > KEPT_HEADERS) {
        left++;
        continue;
      }
      kept += size;
      headers.add(copy);
      cuts.addAll(cut);
    }
    if (left > 0) {
      cuts.add("headers left out: " + left);
    }
  }

  private static byte[] prefix(String what, byte[] bytes, int most, List<String> cuts) {
    if (bytes == null || bytes.length <= most) {
      return bytes;
    }
    cuts.add("%s of %d bytes".formatted(what, bytes.length));
    return Arrays.copyOf(bytes, most);
  }

  private void describe(
      RecordHeaders headers,
      ConsumerRecord<byte[], byte[]> source,
      String task,
      RejectReason reason,
      String field,
      String message) {
    add(headers, Headers.ERROR_REASON, reason.code());
    add(headers, Headers.ERROR_MESSAGE, shortened(message));
    add(headers, Headers.ERROR_STAGE, stage);
    add(headers, Headers.ERROR_TASK, shortened(task));
    add(headers, Headers.ERROR_FIELD, shortened(field));
    add(headers, Headers.ERROR_TOPIC, source.topic());
    add(headers, Headers.ERROR_PARTITION, Integer.toString(source.partition()));
    add(headers, Headers.ERROR_OFFSET, Long.toString(source.offset()));
  }

  private static String shortened(String text) {
    return text == null || text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
  }
}
