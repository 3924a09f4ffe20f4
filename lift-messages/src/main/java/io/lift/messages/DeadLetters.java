package io.lift.messages;

import static io.lift.messages.HeaderValues.add;

import io.lift.core.row.RejectReason;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Makes dead letters, which are records that one service could not use. Immutable. */
public final class DeadLetters {
  private static final int MAX_MESSAGE = 1_000;

  /** How much of a value is kept if it is too large for the topic, in bytes. */
  private static final int EXCERPT = 64 * 1024;

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
          Headers.ERROR_SIZE);

  private final String topic;
  private final String stage;

  /**
   * @param topics names the topic of dead letters
   * @param stage the service that rejects records, e.g. {@code serializer}
   */
  public DeadLetters(Topics topics, String stage) {
    this.topic = topics.deadLetters().name();
    this.stage = stage;
  }

  /**
   * A copy of the record, byte by byte, with the reason and the origin in the {@code lift.error}
   * headers. A record larger than {@link Topics#MAX_RECORD_BYTES} can come from a topic with a
   * larger limit than ours. Its value is cut, and {@link Headers#ERROR_SIZE} has the original size.
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
    RecordHeaders headers = new RecordHeaders(source.headers());
    ERROR_HEADERS.forEach(headers::remove); // of an earlier dead letter that was sent again
    add(headers, Headers.ERROR_REASON, reason.code());
    add(headers, Headers.ERROR_MESSAGE, shortened(message));
    add(headers, Headers.ERROR_STAGE, stage);
    add(headers, Headers.ERROR_TASK, task);
    add(headers, Headers.ERROR_FIELD, shortened(field));
    add(headers, Headers.ERROR_TOPIC, source.topic());
    add(headers, Headers.ERROR_PARTITION, Integer.toString(source.partition()));
    add(headers, Headers.ERROR_OFFSET, Long.toString(source.offset()));
    byte[] value = source.value();
    if (value != null && value.length > Topics.MAX_RECORD_BYTES) {
      add(headers, Headers.ERROR_SIZE, Integer.toString(value.length));
      value = Arrays.copyOf(value, EXCERPT);
    }
    return new ProducerRecord<>(topic, null, source.key(), value, headers);
  }

  private static String shortened(String text) {
    return text == null || text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE);
  }
}
