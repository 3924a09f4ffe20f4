package io.lift.inference.requests;

import io.lift.core.prompt.Prompt;
import io.lift.core.row.RejectReason;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.RequestMessage;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * A request as read from its topic.
 *
 * @param record the record; its key and headers are copied to the prediction
 * @param message its value
 * @param deadline epoch milliseconds after which the request expires; {@link Long#MAX_VALUE} for
 *     none
 * @param reply where a copy of the prediction is sent, or null
 * @param explained whether the answer is to be explained
 * @param invalid why the request cannot be answered, or null
 */
public record Request(
    ConsumerRecord<byte[], byte[]> record,
    RequestMessage message,
    long deadline,
    ReplyAddress reply,
    boolean explained,
    String invalid) {

  /** A record that names no task or no row; the message says what is wrong and where. */
  public static final class Undecodable extends Exception {
    private static final long serialVersionUID = 1L;
    private final RejectReason reason;

    Undecodable(RejectReason reason, String message) {
      super(message, null, false, false);
      this.reason = reason;
    }

    public RejectReason reason() {
      return reason;
    }
  }

  /**
   * Reads a record of {@code lift.requests} or {@code lift.requests.parked}.
   *
   * @throws Undecodable if it names no task and row; the message says what is wrong and where
   */
  public static Request of(ConsumerRecord<byte[], byte[]> record) throws Undecodable {
    if (record.value() == null) {
      throw new Undecodable(RejectReason.NULL_VALUE, "the request has no value" + at(record));
    }
    RequestMessage message;
    try {
      message = Json.read(record.value(), RequestMessage.class);
    } catch (UncheckedIOException e) {
      throw new Undecodable(
          RejectReason.INVALID_JSON, "the request is not JSON of a request" + at(record));
    }
    if (message == null || message.task() == null) {
      throw new Undecodable(RejectReason.NO_TASK, "the request names no task" + at(record));
    }
    if (message.row() == null) {
      throw new Undecodable(RejectReason.NULL_KEY, "the request names no row" + at(record));
    }
    long deadline = Long.MAX_VALUE;
    ReplyAddress reply = null;
    String invalid = message.rejected();
    if (invalid == null && message.prompt() == null) {
      invalid = "the request has no prompt" + at(record);
    }
    boolean explained = false;
    try {
      reply = ReplyAddress.of(record.headers());
      deadline = deadline(HeaderValues.string(record.headers(), Headers.DEADLINE));
      explained = HeaderValues.explains(record.headers());
    } catch (IllegalArgumentException e) {
      invalid = e.getMessage();
    }
    return new Request(record, message, deadline, reply, explained, invalid);
  }

  /** The prompt to score. */
  public Prompt prompt() {
    return message.asPrompt();
  }

  /** The values of the row by column, if the request has them; otherwise null. */
  public Map<String, Object> values() {
    if (message.values() == null) {
      return null;
    }
    Map<String, Object> values = new HashMap<>();
    message
        .values()
        .forEach(
            (column, value) -> {
              if (value != null) {
                values.put(
                    column, value instanceof Number number ? (Object) number.doubleValue() : value);
              }
            });
    return values;
  }

  /** The same request with {@code latest} as its deadline if it has no earlier one. */
  public Request withDeadline(long latest) {
    return latest >= deadline
        ? this
        : new Request(record, message, latest, reply, explained, invalid);
  }

  public boolean expired(long now) {
    return deadline < now;
  }

  /** Whether the answer is sent to the reply topic only and counted nowhere. */
  public boolean replyOnly() {
    return Headers.TRY.equals(HeaderValues.string(record.headers(), Headers.USE));
  }

  public TopicPartition topicPartition() {
    return new TopicPartition(record.topic(), record.partition());
  }

  /**
   * When Kafka's broker took the request, epoch milliseconds; latency is measured from here. A
   * row's own timestamp is its producer's, and a replay has old ones.
   */
  public long takenAt() {
    return record.timestamp();
  }

  private static long deadline(String header) {
    try {
      return header == null ? Long.MAX_VALUE : Long.parseLong(header.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "header %s is '%s', which is no time in epoch milliseconds"
              .formatted(Headers.DEADLINE, header));
    }
  }

  private static String at(ConsumerRecord<byte[], byte[]> record) {
    return " (topic %s, partition %d, offset %d)"
        .formatted(record.topic(), record.partition(), record.offset());
  }
}
