package io.lift.serializer;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Settings of the serializer service. */
@ConfigMapping(prefix = "lift.serializer")
public interface SerializerConfig {
  /**
   * Name of this replica, stable over restarts and unique among the replicas; by default the host
   * name and the HTTP port.
   */
  Optional<String> instance();

  /** Largest row, key and value together, in bytes. Larger ones go to the dead letters. */
  @WithDefault("1048576")
  int maxRowBytes();

  /** Most records in one transaction. */
  @WithDefault("2000")
  int batch();

  /** How long the loop may make no progress before the service is reported as dead. */
  @WithDefault("2m")
  Duration stalledAfter();

  /** Tasks that are inferred from the first rows of a topic. */
  Inference inference();

  /** Settings of task inference. */
  interface Inference {
    /** Rows that a task is inferred from if its draft does not say. */
    @WithDefault("200")
    int rows();

    /** How often the topics of pending drafts are read again. */
    @WithDefault("2s")
    Duration every();
  }
}
