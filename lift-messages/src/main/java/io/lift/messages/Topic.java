package io.lift.messages;

import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * One topic of the system, described once: creation, producers and consumers all read it here.
 *
 * @param <V> type of the value
 * @param name full name
 * @param valueType class of the value ({@code byte[]} for raw bytes, else a JSON record)
 * @param partitions number of partitions at creation, or {@link #BROKERS_CHOICE}
 * @param configs topic configuration at creation
 */
public record Topic<V>(
    String name, Class<V> valueType, int partitions, Map<String, String> configs) {
  /** Instead of a number of partitions: the broker decides. */
  public static final int BROKERS_CHOICE = -1;

  private static final String KAFKA_MAX_MESSAGE_BYTES = "1048588";

  /** Largest batch that the topic takes, in bytes; Kafka's default if the topic sets none. */
  public int maxMessageBytes() {
    return Integer.parseInt(
        configs.getOrDefault(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, KAFKA_MAX_MESSAGE_BYTES));
  }
}
