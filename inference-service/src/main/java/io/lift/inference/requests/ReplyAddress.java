package io.lift.inference.requests;

import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Header;

/**
 * Where a copy of a prediction is sent.
 *
 * @param topic the reply topic
 * @param partition its partition, or null for any
 */
public record ReplyAddress(String topic, Integer partition) {

  /**
   * Reads Lift's reply headers, or else SmallRye's, or else Spring's. The partition of the latter
   * two is 4 bytes, big-endian.
   *
   * @return null if no reply is requested
   * @throws IllegalArgumentException if the partition is not valid; the message names the header
   */
  static ReplyAddress of(org.apache.kafka.common.header.Headers headers) {
    String topic = HeaderValues.string(headers, Headers.REPLY_TOPIC);
    if (topic != null) {
      String partition = HeaderValues.string(headers, Headers.REPLY_PARTITION);
      return new ReplyAddress(topic, partition == null ? null : decimal(partition));
    }
    ReplyAddress smallRye =
        binary(headers, Headers.SMALLRYE_REPLY_TOPIC, Headers.SMALLRYE_REPLY_PARTITION);
    return smallRye != null
        ? smallRye
        : binary(headers, Headers.SPRING_REPLY_TOPIC, Headers.SPRING_REPLY_PARTITION);
  }

  private static ReplyAddress binary(
      org.apache.kafka.common.header.Headers headers, String topicName, String partitionName) {
    String topic = HeaderValues.string(headers, topicName);
    if (topic == null) {
      return null;
    }
    Header partition = headers.lastHeader(partitionName);
    return new ReplyAddress(
        topic,
        partition == null || partition.value() == null
            ? null
            : bigEndian(partitionName, partition.value()));
  }

  private static int decimal(String partition) {
    try {
      int number = Integer.parseInt(partition.strip());
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // reported below
    }
    throw new IllegalArgumentException(
        "header %s is '%s', which is no partition".formatted(Headers.REPLY_PARTITION, partition));
  }

  private static int bigEndian(String name, byte[] value) {
    int partition = value.length == Integer.BYTES ? ByteBuffer.wrap(value).getInt() : -1;
    if (partition < 0) {
      throw new IllegalArgumentException(
          "header %s must be 4 bytes, big-endian, of a partition".formatted(name));
    }
    return partition;
  }
}
