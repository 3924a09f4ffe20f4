package io.lift.inference.requests;

import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.messages.Json;
import io.lift.messages.RequestMessage;
import io.lift.messages.Topics;
import io.lift.testing.Loans;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Records of requests, made without a broker. */
final class Records {
  private static final Topics TOPICS = Topics.of("");
  private static final Prompt PROMPT =
      Loans.prompt(new TaskLanguage(Loans.risks("any", 1, BeforeFirstCheckpoint.WAIT)), 30, 50);

  private Records() {}

  static RequestMessage message(String task, String row) {
    return new RequestMessage(task, 1, row, PROMPT.text(), PROMPT.grid(), null);
  }

  static Request parked(String task, int partition, long offset) {
    return parked(task, partition, offset, Long.MAX_VALUE);
  }

  static Request parked(String task, int partition, long offset, long deadline) {
    byte[] value = Json.write(message(task, "r" + offset));
    try {
      return Request.of(record(TOPICS.requestsParked().name(), partition, offset, value))
          .withDeadline(deadline);
    } catch (Request.Undecodable e) {
      throw new AssertionError(e);
    }
  }

  static ConsumerRecord<byte[], byte[]> record(
      String topic, int partition, long offset, byte[] value, Header... headers) {
    return new ConsumerRecord<>(
        topic,
        partition,
        offset,
        1_000,
        TimestampType.CREATE_TIME,
        1,
        value == null ? -1 : value.length,
        "k".getBytes(StandardCharsets.UTF_8),
        value,
        new RecordHeaders(headers),
        Optional.empty());
  }
}
