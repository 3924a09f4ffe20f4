package io.lift.service.kafka;

import io.lift.kafka.KafkaConnection;
import io.lift.kafka.OauthEndpoints;
import io.lift.kafka.TopicAdmin;
import io.lift.messages.TopicSettings;
import io.lift.messages.Topics;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;

/** Makes the beans by which a service reaches Kafka and names what is there. */
@Singleton
public class KafkaBeans {

  /**
   * The connection of this service. Every client of Kafka is made after it.
   *
   * @param kafka everything under {@code kafka.*}
   */
  @Produces
  @Singleton
  KafkaConnection connection(
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      TopicsConfig config,
      OauthConfig oauth) {
    OauthEndpoints.allow(oauth.allowedUrls(), oauth.allowedFiles());
    Map<String, Object> settings = new HashMap<>(kafka);
    config.replication().ifPresent(copies -> settings.put(TopicAdmin.REPLICATION, copies));
    TopicSettings creation =
        TopicSettings.of(config.settings().orElse(""), config.maxRecordBytes());
    return new KafkaConnection(settings, Topics.of(config.prefix().orElse(""), creation));
  }

  /** The topics and consumer groups of the same connection. */
  @Produces
  @Singleton
  Topics topics(KafkaConnection kafka) {
    return kafka.topics();
  }
}
