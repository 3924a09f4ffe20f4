package io.lift.kafka;

import io.lift.messages.DeadLetters;
import io.lift.messages.HeaderValues;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Values as bytes. Of a value that is larger than any record of Lift only the beginning is kept, so
 * that a few compressed records cannot fill the memory of a service. Header {@link
 * DeadLetters#READ_SIZE} then has the size of the value.
 */
public final class BoundedBytes implements Deserializer<byte[]> {
  private final long pollBytes;
  private long polled;

  /** Bounds each value. */
  public BoundedBytes() {
    this(Long.MAX_VALUE);
  }

  /**
   * Bounds each value, and all values of a poll together. For one consumer, which calls {@link
   * #beginPoll}.
   */
  BoundedBytes(long pollBytes) {
    this.pollBytes = pollBytes;
  }

  /** What is deserialized from now on is of the next poll. */
  void beginPoll() {
    polled = 0;
  }

  @Override
  public byte[] deserialize(String topic, byte[] value) {
    return value;
  }

  /** The same for callers that have the whole value as an array, which they need not keep. */
  @Override
  public byte[] deserialize(String topic, Headers headers, byte[] value) {
    return deserialize(topic, headers, value == null ? null : ByteBuffer.wrap(value));
  }

  /**
   * @throws SerializationException if the values of the poll have enough bytes. A consumer then
   *     returns the records before this one, and its next poll deserializes this one again.
   */
  @Override
  public byte[] deserialize(String topic, Headers headers, ByteBuffer value) {
    if (value == null) {
      return null;
    }
    int size = value.remaining();
    int kept = size <= DeadLetters.MAX_BYTES ? size : DeadLetters.KEPT_VALUE;
    if (polled > 0 && polled + kept > pollBytes) {
      throw new SerializationException("The next poll reads on here.");
    }
    polled += kept;
    byte[] bytes = new byte[kept];
    value.get(bytes);
    headers.remove(DeadLetters.READ_SIZE); // ours alone
    if (kept < size) {
      HeaderValues.add(headers, DeadLetters.READ_SIZE, Integer.toString(size));
    }
    return bytes;
  }
}
