package io.lift.messages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class HeaderValuesTest {
  private final RecordHeaders row = new RecordHeaders();
  private final RecordHeaders copy = new RecordHeaders();

  private void given(String... names) {
    for (String name : names) {
      HeaderValues.add(row, name, "value of " + name);
    }
  }

  private Iterable<String> copied() {
    return Arrays.stream(copy.toArray()).map(Header::key).toList();
  }

  @Test
  void aRequestTakesOverTheReplyAddressAndItsSendersOwnHeaders() {
    given("tenant", "lift.task", "lift.use", "lift.deadline", "kafka_replyTopic", "traceparent");
    HeaderValues.copyToRequest(row, copy);
    assertThat(copied()).containsExactly("tenant", "lift.deadline", "kafka_replyTopic");
    assertThat(HeaderValues.string(copy, "tenant")).isEqualTo("value of tenant");
  }

  @Test
  void anAnswerTakesOverNeitherReplyAddressNorWhatDescribesTheRow() {
    given(
        "tenant",
        "lift.correlation-id",
        "REPLY_TOPIC",
        "kafka_correlationId",
        "ce_id",
        "content-type",
        "__TypeId__",
        "apicurio.value.globalId");
    HeaderValues.copyToAnswer(row, copy);
    assertThat(copied()).containsExactly("tenant", "lift.correlation-id", "kafka_correlationId");
  }
}
