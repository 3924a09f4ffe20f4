package io.lift.page.live;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record that could not be used: its reason, its origin and the start of its content.
 *
 * @param at when it came, epoch milliseconds
 * @param task the task; null if it is not known
 * @param reason the kind of error
 * @param message one sentence
 * @param stage what rejected it
 * @param field the field at fault, or null
 * @param topic where it came from
 * @param partition its partition there
 * @param offset its offset there
 * @param key the start of its key
 * @param value the start of its value
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeadLetterView(
    long at,
    String task,
    String reason,
    String message,
    String stage,
    String field,
    String topic,
    Integer partition,
    Long offset,
    String key,
    String value) {
  private static final int SHOWN = 200;

  public static DeadLetterView of(ConsumerRecord<byte[], byte[]> letter) {
    var headers = letter.headers();
    String partition = HeaderValues.string(headers, Headers.ERROR_PARTITION);
    String offset = HeaderValues.string(headers, Headers.ERROR_OFFSET);
    return new DeadLetterView(
        letter.timestamp(),
        HeaderValues.string(headers, Headers.ERROR_TASK),
        HeaderValues.string(headers, Headers.ERROR_REASON),
        HeaderValues.string(headers, Headers.ERROR_MESSAGE),
        HeaderValues.string(headers, Headers.ERROR_STAGE),
        HeaderValues.string(headers, Headers.ERROR_FIELD),
        HeaderValues.string(headers, Headers.ERROR_TOPIC),
        isNumber(partition) ? (int) Long.parseLong(partition) : null,
        isNumber(offset) ? Long.valueOf(offset) : null,
        start(letter.key()),
        start(letter.value()));
  }

  private static boolean isNumber(String text) {
    return text != null && text.matches("\\d{1,18}");
  }

  private static String start(byte[] bytes) {
    if (bytes == null) {
      return null;
    }
    String text = new String(bytes, 0, Math.min(bytes.length, 4 * SHOWN), StandardCharsets.UTF_8);
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN);
  }
}
