package io.lift.inference.config;

import io.lift.model.Scorer;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Settings of the inference service. */
@ConfigMapping(prefix = "lift.inference")
public interface InferenceConfig {

  /**
   * Name of this replica, unique among the replicas and the same after a restart. The default is
   * host name and HTTP port.
   */
  Optional<String> instance();

  /** Consumer group of all replicas, without the prefix of {@code lift.topics.prefix}. */
  @WithDefault("lift-inference")
  String group();

  /** Requests that are scored and committed together at most. */
  @WithDefault("256")
  int batch();

  /**
   * Where the adapters of a published base model are kept. {@code unmerged} keeps them beside the
   * base model: one batch answers many tasks, and a version takes little memory. {@code merged}
   * merges each into a copy of the weights: faster for one busy task, with the memory of a whole
   * model.
   */
  @WithDefault("unmerged")
  Scorer.Serving adapters();

  /** Generated rows of one request at most. */
  @WithDefault("10000")
  int maxGenerated();

  /**
   * Bytes of models in memory beside the base model. Above that, the least recently used are
   * evicted.
   */
  @WithDefault("1073741824")
  long maxLoadedBytes();

  /** How long reading one checkpoint from Kafka may take. */
  @WithDefault("10s")
  Duration checkpointTimeout();

  /** How long the request loop may make no progress before the liveness check fails. */
  @WithDefault("60s")
  Duration livenessTimeout();

  /** Requests that wait for their task's first checkpoint. */
  Parked parked();

  /** The newest labelled rows, which answers are based on beside the checkpoints. */
  Support support();

  /** Explanations of answers. */
  Explain explain();

  /** The synchronous endpoints. */
  Http http();

  /** Requests that wait for their task's first checkpoint. */
  interface Parked {
    /** Bytes of waiting requests in memory per partition. Further ones stay on the topic. */
    @WithDefault("33554432")
    long maxBytes();

    /**
     * How long a request without a deadline waits before it is answered {@code expired}; below the
     * retention of the topic, so that none is lost.
     */
    @WithDefault("6d")
    Duration maxWait();
  }

  /** The newest labelled rows, which answers are based on beside the checkpoints. */
  interface Support {
    /** Whether answers are based on labelled rows that no checkpoint has learned. */
    @WithDefault("true")
    boolean enabled();

    /**
     * Bytes that labelled rows take once they have been read. Above that, those of the tasks that
     * were asked least recently are read again when they are needed.
     */
    @WithDefault("268435456")
    long maxBytes();

    /**
     * How long an answer waits for labelled rows that are being read; then it is based on older
     * ones. The same rows in the same order give the same answers as long as this is enough.
     */
    @WithDefault("10ms")
    Duration maxWait();

    /**
     * How long tables without meaning are read at the start, beside everything else that the start
     * waits for, so that the first rows do not wait for the compiler of the JVM.
     */
    @WithDefault("4s")
    Duration warmUp();
  }

  /** Explanations of answers. */
  interface Explain {
    /**
     * How often each column is replaced by the value of another row. More take more time and give
     * steadier contributions.
     */
    @WithDefault("32")
    int draws();

    /**
     * Changed rows that are answered for one explanation at most: columns times draws. A table with
     * more columns has fewer draws, at least four, and then columns are left out.
     */
    @WithDefault("1024")
    int maxVariants();

    /** Rows in one call over HTTP or gRPC at most, if they are to be explained. */
    @WithDefault("20")
    int maxRows();

    /** How long the explanation of a request may take. Then it is answered without one. */
    @WithDefault("30s")
    Duration timeout();
  }

  /** The synchronous endpoints. */
  interface Http {
    /** Rows in one call at most. */
    @WithDefault("1000")
    int maxRows();

    /** Bytes of one call at most. */
    @WithDefault("1048576")
    int maxBytes();

    /** Rows of all calls that may wait to be scored. Further calls get status 503. */
    @WithDefault("10000")
    int maxQueued();

    /** How long a call waits for its answers. */
    @WithDefault("10s")
    Duration timeout();
  }
}
