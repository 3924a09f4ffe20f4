package io.lift.kafka;

import io.lift.messages.DeadLetters;
import io.lift.messages.HeaderValues;
import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Values as bytes. Of a value that is larger than any record of Lift only the beginning is kept, so
 * that a few compressed records cannot fill the memory of a service. Header {@link
 * DeadLetters#READ_SIZE} then has the size of the value.
 */
public final class BoundedBytes implements Deserializer<byte[]> {

  @Override
  public byte[] deserialize(String topic, byte[] value) {
    return value;
  }

  @Override
  public byte[] deserialize(String topic, Headers headers, ByteBuffer value) {
    if (value == null) {
      return null;
    }
    int size = value.remaining();
    byte[] kept = new byte[size <= DeadLetters.MAX_BYTES ? size : DeadLetters.KEPT_VALUE];
    value.get(kept);
    headers.remove(DeadLetters.READ_SIZE); // ours alone
    if (kept.length < size) {
      HeaderValues.add(headers, DeadLetters.READ_SIZE, Integer.toString(size));
    }
    return kept;
  }
}
