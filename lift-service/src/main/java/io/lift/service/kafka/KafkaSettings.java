package io.lift.service.kafka;

import io.lift.kafka.TopicAdmin;
import io.lift.messages.Namespace;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;

/**
 * The settings that all Kafka clients of a service share: everything under {@code kafka.*}. Whoever
 * has them names topics and groups in the configured {@link Namespace}.
 */
@Singleton
public class KafkaSettings {
  private final Map<String, Object> kafka;

  KafkaSettings(
      @Identifier("default-kafka-broker") Map<String, Object> kafka, TopicsConfig topics) {
    Namespace.use(topics.prefix().orElse(""));
    Map<String, Object> all = new HashMap<>(kafka);
    topics.replication().ifPresent(copies -> all.put(TopicAdmin.REPLICATION, copies));
    this.kafka = Map.copyOf(all);
  }

  /** Settings of a Kafka client, at least {@code bootstrap.servers}. */
  public Map<String, Object> map() {
    return kafka;
  }
}
