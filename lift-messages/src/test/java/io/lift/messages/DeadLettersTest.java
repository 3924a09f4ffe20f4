package io.lift.messages;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.row.RejectReason;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
  private static final DeadLetters LETTERS = new DeadLetters(Topics.of(""), "serializer");

  @Test
  void theRecordStaysAsItCameAndTheHeadersSayWhyAndWhence() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("own", new byte[] {1, -1});
    headers.add(Headers.ERROR_REASON, HeaderValues.bytes("of an earlier journey"));
    var source = record(new byte[] {5}, new byte[] {-1, -2}, headers);

    var letter = LETTERS.of(source, "iris", RejectReason.WRONG_TYPE, "age", "no number");

    assertThat(letter.topic()).isEqualTo("lift.dead-letters");
    assertThat(letter.key()).containsExactly(5);
    assertThat(letter.value()).containsExactly(-1, -2);
    assertThat(letter.headers().lastHeader("own").value()).containsExactly(1, -1);
    assertThat(header(letter.headers(), Headers.ERROR_REASON)).isEqualTo("wrong-type");
    assertThat(letter.headers().headers(Headers.ERROR_REASON)).hasSize(1);
    assertThat(header(letter.headers(), Headers.ERROR_MESSAGE)).isEqualTo("no number");
    assertThat(header(letter.headers(), Headers.ERROR_STAGE)).isEqualTo("serializer");
    assertThat(header(letter.headers(), Headers.ERROR_TASK)).isEqualTo("iris");
    assertThat(header(letter.headers(), Headers.ERROR_FIELD)).isEqualTo("age");
    assertThat(header(letter.headers(), Headers.ERROR_TOPIC)).isEqualTo("rows");
    assertThat(header(letter.headers(), Headers.ERROR_PARTITION)).isEqualTo("2");
    assertThat(header(letter.headers(), Headers.ERROR_OFFSET)).isEqualTo("42");
  }

  @Test
  void aRecordWithoutKeyValueTaskOrFieldIsFineToo() {
    var letter =
        LETTERS.of(
            record(null, null, new RecordHeaders()), null, RejectReason.NULL_KEY, null, "no key");
    assertThat(letter.key()).isNull();
    assertThat(letter.value()).isNull();
    assertThat(Arrays.stream(letter.headers().toArray()).map(h -> h.key()))
        .doesNotContain(Headers.ERROR_TASK, Headers.ERROR_FIELD);
  }

  @Test
  void aValueLargerThanTheTopicTakesIsCutAndTheHeaderTellsItsSize() {
    byte[] huge = new byte[DeadLetters.MAX_BYTES];
    var letter =
        LETTERS.of(
            record(null, huge, new RecordHeaders()),
            null,
            RejectReason.TOO_LARGE,
            null,
            "too large");
    assertThat(letter.value()).hasSizeLessThan(100_000);
    assertThat(header(letter.headers(), Headers.ERROR_SIZE)).isEqualTo("" + huge.length);
  }

  @Test
  void whateverIsLargeInARecordTheLetterFitsAndSaysWhatWasCut() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("traceparent", new byte[100 * 1024]);
    headers.add("own", new byte[] {1});
    for (int i = 0; i < 5_000; i++) {
      headers.add("x" + i, new byte[] {2});
    }
    byte[] value = new byte[Topics.MAX_RECORD_BYTES - 1_000];
    byte[] key = new byte[300_000];
    var source = record(key, value, headers);
    String text = "t".repeat(1 << 20);

    var letter = LETTERS.of(source, text, RejectReason.NO_TASK, text, text);

    assertThat(RecordSize.of(letter.key(), letter.value(), letter.headers()))
        .isLessThan(128 * 1024);
    assertThat(letter.key()).hasSize(8 * 1024);
    assertThat(letter.value()).hasSize(64 * 1024);
    assertThat(letter.headers().lastHeader("own").value()).containsExactly(1);
    assertThat(letter.headers().lastHeader("traceparent").value()).hasSize(4 * 1024);
    assertThat(header(letter.headers(), Headers.ERROR_SIZE)).isEqualTo("" + value.length);
    assertThat(header(letter.headers(), Headers.ERROR_CUT))
        .startsWith(
            "value of 16776216 bytes; key of 300000 bytes; header traceparent of 102400 bytes")
        .containsPattern("headers left out: \\d+$");
    assertThat(header(letter.headers(), Headers.ERROR_OFFSET)).isEqualTo("42");
  }

  @Test
  void aRecordWithLongHeadersStaysWholeWhereItFits() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("own", new byte[1 << 20]);
    byte[] key = new byte[1 << 20];
    var letter =
        LETTERS.of(
            record(key, new byte[1 << 20], headers), null, RejectReason.NO_TASK, null, "no task");
    assertThat(letter.key()).isEqualTo(key);
    assertThat(letter.headers().lastHeader("own").value()).hasSize(1 << 20);
    assertThat(letter.headers().lastHeader(Headers.ERROR_CUT)).isNull();
  }

  private static String header(org.apache.kafka.common.header.Headers headers, String name) {
    return HeaderValues.string(headers, name);
  }

  private static ConsumerRecord<byte[], byte[]> record(
      byte[] key, byte[] value, RecordHeaders headers) {
    return new ConsumerRecord<>(
        "rows", 2, 42L, 0L, TimestampType.CREATE_TIME, 0, 0, key, value, headers, Optional.empty());
  }
}
