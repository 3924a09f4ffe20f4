package io.lift.service.kafka;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** How topics are named and created. */
@ConfigMapping(prefix = "lift.topics")
public interface TopicsConfig {

  /**
   * Begins the name of every topic, consumer group and transactional id, e.g. {@code teamA.}; so
   * several installations share one Kafka. Topics that a task names as its sources keep their own
   * names.
   */
  Optional<String> prefix();

  /** Copies of each topic that a service creates; without it, three or as many as brokers. */
  Optional<Short> replication();
}
