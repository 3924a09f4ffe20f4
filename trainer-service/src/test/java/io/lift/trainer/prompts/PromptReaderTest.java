package io.lift.trainer.prompts;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lift.core.row.RejectReason;
import io.lift.messages.DeadLetters;
import io.lift.messages.HeaderValues;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class PromptReaderTest {

  @Test
  void aPromptOfWhichTheBeginningWasReadIsTooLarge() {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("lift.prompts", 0, 0, HeaderValues.bytes("t"), new byte[10]);
    HeaderValues.add(record.headers(), DeadLetters.READ_SIZE, "40000000");

    assertThatExceptionOfType(PromptRejectedException.class)
        .isThrownBy(() -> PromptReader.read(record, 1))
        .withMessageContaining("40000000")
        .matches(e -> e.reason() == RejectReason.TOO_LARGE);
  }
}
