package io.lift.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.messages.DeadLetters;
import io.lift.messages.HeaderValues;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class BoundedBytesTest {
  private final BoundedBytes bytes = new BoundedBytes();
  private final RecordHeaders headers = new RecordHeaders();

  @Test
  void aValueIsReadAsItIs() {
    byte[] value = {1, 2, 3};
    assertThat(bytes.deserialize("t", headers, ByteBuffer.wrap(value))).isEqualTo(value);
    assertThat(bytes.deserialize("t", headers, (ByteBuffer) null)).isNull();
    assertThat(bytes.deserialize("t", headers, ByteBuffer.allocate(DeadLetters.MAX_BYTES)))
        .hasSize(DeadLetters.MAX_BYTES);
    assertThat(headers).isEmpty();
  }

  @Test
  void aPollEndsWhereItsValuesHaveEnoughBytesAndTheNextGoesOnThere() {
    BoundedBytes ten = new BoundedBytes(10);
    ten.beginPoll();
    assertThat(ten.deserialize("t", headers, ByteBuffer.allocate(12))).as("alone").hasSize(12);
    assertThatThrownBy(() -> ten.deserialize("t", headers, ByteBuffer.allocate(1)))
        .isInstanceOf(SerializationException.class);

    ten.beginPoll();
    ByteBuffer value = ByteBuffer.allocate(6);
    ten.deserialize("t", headers, ByteBuffer.allocate(6));
    assertThatThrownBy(() -> ten.deserialize("t", headers, value))
        .isInstanceOf(SerializationException.class);
    ten.beginPoll();
    assertThat(ten.deserialize("t", headers, value)).hasSize(6);
  }

  @Test
  void ofAValueThatIsTooLargeForLiftTheBeginningIsKeptWithItsSize() {
    int size = 3 * DeadLetters.MAX_BYTES;
    byte[] kept = bytes.deserialize("t", headers, ByteBuffer.allocate(size).put(0, (byte) 7));
    assertThat(kept).hasSize(64 * 1024).startsWith(7, 0, 0);
    assertThat(HeaderValues.string(headers, DeadLetters.READ_SIZE))
        .isEqualTo(Integer.toString(size));

    RecordHeaders others = new RecordHeaders();
    assertThat(bytes.deserialize("t", others, new byte[size])).hasSize(64 * 1024);
    assertThat(others).isEqualTo(headers);
    assertThat(bytes.deserialize("t", others, (byte[]) null)).isNull();
  }
}
