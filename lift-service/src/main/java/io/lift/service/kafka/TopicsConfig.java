package io.lift.service.kafka;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
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

  /**
   * Copies of each topic that a service creates, or {@code none} for as many as the broker says;
   * without it, three or as many as brokers.
   */
  Optional<String> replication();

  /**
   * What differs when topics are created: entries with semicolons between them, e.g. {@code
   * segment.ms=none; lift.rows:partitions=24}. {@code none} leaves a setting to the broker.
   */
  Optional<String> settings();

  /**
   * The largest record that topics of rows, requests and answers take, in bytes; 262,144 to
   * 16,777,216. Pieces of checkpoints are at most half of it.
   */
  @WithDefault("16777216")
  int maxRecordBytes();
}
