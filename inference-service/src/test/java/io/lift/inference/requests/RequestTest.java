package io.lift.inference.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.core.row.RejectReason;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestTest {

  @Test
  void deadlineAndReplyAddressComeFromTheHeaders() throws Exception {
    Request request =
        read(
            header(Headers.DEADLINE, "1700000000000"),
            header(Headers.REPLY_TOPIC, "answers"),
            header(Headers.REPLY_PARTITION, "3"));

    assertThat(request.deadline()).isEqualTo(1_700_000_000_000L);
    assertThat(request.expired(1_700_000_000_000L)).isFalse();
    assertThat(request.expired(1_700_000_000_001L)).isTrue();
    assertThat(request.reply()).isEqualTo(new ReplyAddress("answers", 3));
  }

  @Test
  void smallRyesReplyAddressIsUnderstoodAndOursComesFirst() throws Exception {
    Header topic = header(Headers.SMALLRYE_REPLY_TOPIC, "theirs");
    Header partition = new RecordHeader(Headers.SMALLRYE_REPLY_PARTITION, new byte[] {0, 0, 1, 2});

    assertThat(read(topic, partition).reply()).isEqualTo(new ReplyAddress("theirs", 258));
    assertThat(read(topic, partition, header(Headers.REPLY_TOPIC, "ours")).reply())
        .isEqualTo(new ReplyAddress("ours", null));
  }

  @Test
  void springsReplyAddressIsUnderstood() throws Exception {
    Header topic = header(Headers.SPRING_REPLY_TOPIC, "springs");
    Header partition = new RecordHeader(Headers.SPRING_REPLY_PARTITION, new byte[] {0, 0, 0, 7});

    assertThat(read(topic).reply()).isEqualTo(new ReplyAddress("springs", null));
    assertThat(read(topic, partition).reply()).isEqualTo(new ReplyAddress("springs", 7));
  }

  @Test
  void aRequestWithoutHeadersHasNoDeadlineAndWantsNoReply() throws Exception {
    assertThat(read().deadline()).isEqualTo(Long.MAX_VALUE);
    assertThat(read().reply()).isNull();
    assertThat(read().invalid()).isNull();
  }

  @Test
  void aHeaderThatMakesNoSenseFailsTheRequestByName() throws Exception {
    assertThat(read(header(Headers.DEADLINE, "soon")).invalid()).contains("lift.deadline", "soon");
    Request unclear = read(header(Headers.REPLY_TOPIC, "t"), header(Headers.EXPLAIN, "yes"));
    assertThat(unclear.invalid()).contains("lift.explain", "'yes'", "true or false");
    assertThat(unclear.reply()).as("who asked is told").isNotNull();
    assertThat(
            read(header(Headers.REPLY_TOPIC, "t"), header(Headers.REPLY_PARTITION, "-1")).invalid())
        .contains("lift.reply-partition", "-1");
    assertThat(
            read(
                    header(Headers.SMALLRYE_REPLY_TOPIC, "t"),
                    header(Headers.SMALLRYE_REPLY_PARTITION, "1"))
                .invalid())
        .contains("REPLY_PARTITION", "4 bytes");
  }

  @Test
  void theValuesOfARowThatIsToBeExplainedAreNumbersAndTextsAgain() throws Exception {
    byte[] value =
        HeaderValues.bytes(
            "{\"task\":\"t\",\"row\":\"r\",\"prompt\":\"p\",\"values\":{\"age\":47,\"car\":\"vw\"}}");
    Request request =
        Request.of(Records.record("lift.requests", 0, 0, value, header(Headers.EXPLAIN, "true")));
    assertThat(request.explained()).isTrue();
    assertThat(request.values()).containsOnly(Map.entry("age", 47.0), Map.entry("car", "vw"));
    assertThat(read(header(Headers.EXPLAIN, "false")).explained()).isFalse();
    assertThat(read().explained()).isFalse();
    assertThat(read(header(Headers.EXPLAIN, "true")).values()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense | INVALID_JSON",
        "[] | INVALID_JSON",
        "{} | NO_TASK",
        "{\"task\":\"t\"} | NULL_KEY",
        "null | NO_TASK"
      })
  void aRequestWithoutTaskOrRowIsUndecodable(String value, RejectReason reason) {
    assertThatThrownBy(
            () ->
                Request.of(
                    Records.record("lift.requests", 4, 9, value.getBytes(StandardCharsets.UTF_8))))
        .isInstanceOfSatisfying(
            Request.Undecodable.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining("topic lift.requests, partition 4, offset 9");
  }

  @Test
  void aRequestWithoutAPromptFails() throws Exception {
    byte[] value = "{\"task\":\"t\",\"row\":\"r\"}".getBytes(StandardCharsets.UTF_8);
    assertThat(Request.of(Records.record("lift.requests", 0, 0, value)).invalid())
        .contains("no prompt");
  }

  private static Request read(Header... headers) throws Request.Undecodable {
    byte[] value = Json.write(Records.message("loans", "r1"));
    return Request.of(Records.record("lift.requests", 0, 0, value, headers));
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, HeaderValues.bytes(value));
  }
}
