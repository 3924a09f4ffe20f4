package io.lift.inference;

import io.lift.model.Scorer;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** How requests are answered. */
@ConfigMapping(prefix = "lift.inference")
public interface InferenceConfig {

  /**
   * Name of this replica: unique among the replicas and the same after a restart. Without it, host
   * name and HTTP port.
   */
  Optional<String> instance();

  /** Consumer group of all replicas, after the prefix of {@code lift.topics.prefix}. */
  @WithDefault("lift-inference")
  String group();

  /** Requests scored and committed together at most. */
  @WithDefault("256")
  int batch();

  /**
   * With a published base model: whether its adapters stay beside it, so that one batch answers
   * many tasks and a version takes little memory, or each is merged into a copy of the weights,
   * which is faster for one busy task and takes the memory of a whole model.
   */
  @WithDefault("unmerged")
  Scorer.Serving adapters();

  /** Rows that one request may have generated at most. */
  @WithDefault("10000")
  int maxGenerated();

  /** Bytes of models kept in memory beside the base model; the least recently used make room. */
  @WithDefault("1073741824")
  long maxLoadedBytes();

  /** How long fetching one checkpoint from Kafka may take. */
  @WithDefault("10s")
  Duration checkpointTimeout();

  /** How long the loop may be silent before the service counts as dead. */
  @WithDefault("60s")
  Duration livenessTimeout();

  /** Requests that wait for their task's first checkpoint. */
  Parked parked();

  /** The synchronous endpoint. */
  Http http();

  /** Requests that wait for their task's first checkpoint. */
  interface Parked {
    /** Bytes held in memory per partition; more wait on the topic. */
    @WithDefault("33554432")
    long maxBytes();

    /**
     * How long a request without a deadline waits before it is answered {@code expired}; below the
     * retention of the topic, so that none is lost.
     */
    @WithDefault("6d")
    Duration maxWait();
  }

  /** The synchronous endpoint. */
  interface Http {
    /** Rows in one call at most. */
    @WithDefault("1000")
    int maxRows();

    /** Bytes of one call at most. */
    @WithDefault("1048576")
    int maxBytes();

    /** Rows of all callers that may wait to be scored, before further calls are turned away. */
    @WithDefault("10000")
    int maxQueued();

    /** How long a call waits for its answers. */
    @WithDefault("10s")
    Duration timeout();
  }
}
