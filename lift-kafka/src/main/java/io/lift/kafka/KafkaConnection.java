package io.lift.kafka;

import io.lift.messages.Topics;
import java.util.HashMap;
import java.util.Map;

/**
 * How a process reaches the Kafka of one installation of Lift.
 *
 * @param settings settings of every Kafka client, at least {@code bootstrap.servers}
 * @param topics what the topics and consumer groups are called there
 */
public record KafkaConnection(Map<String, Object> settings, Topics topics) {

  public KafkaConnection {
    settings = Map.copyOf(settings);
  }

  /** The same with one more setting of the clients, which replaces an earlier value. */
  public KafkaConnection with(String setting, Object value) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put(setting, value);
    return new KafkaConnection(all, topics);
  }
}
