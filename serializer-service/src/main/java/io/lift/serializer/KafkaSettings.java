package io.lift.serializer;

import io.lift.messages.TopicAdmin;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The settings that all Kafka clients of this service share: everything under {@code kafka.*}. */
@ApplicationScoped
public class KafkaSettings {
  private final Map<String, Object> kafka;

  KafkaSettings(
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      @ConfigProperty(name = TopicAdmin.REPLICATION) Optional<String> replication) {
    Map<String, Object> all = new HashMap<>(kafka);
    replication.ifPresent(factor -> all.put(TopicAdmin.REPLICATION, factor));
    this.kafka = Map.copyOf(all);
  }

  Map<String, Object> map() {
    return kafka;
  }
}
