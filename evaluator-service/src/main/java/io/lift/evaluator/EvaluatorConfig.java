package io.lift.evaluator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/** Settings of the evaluator, {@code lift.evaluator.*}. */
@ConfigMapping(prefix = "lift.evaluator")
public interface EvaluatorConfig {
  /**
   * Kafka Streams application: the consumer group, and how the internal topics begin; after the
   * prefix of {@code lift.topics.prefix}.
   */
  @WithDefault("lift-evaluator")
  String applicationId();

  /** Directory of the local state; a replica that loses it restores it from Kafka. */
  @WithDefault("${java.io.tmpdir}/lift-evaluator")
  Path stateDir();

  /**
   * Event time for which a prediction or a truth waits for its partner, and for which the fate of a
   * row is remembered afterwards.
   */
  @WithDefault("24H")
  Duration timeToLive();

  /** Scored rows that the rolling metrics cover. */
  @WithDefault("1000")
  int window();

  /** Checkpoint versions of a task with metrics of their own: the newest ones. */
  @WithDefault("20")
  int versions();

  /** Shortest time between two messages about one task on {@code lift.metrics}. */
  @WithDefault("500ms")
  Duration publishInterval();

  /**
   * Whether a checkpoint is rolled back that answers worse than the one before it, on 200 labelled
   * rows or more.
   */
  @WithDefault("true")
  boolean autoRollback();

  /** Time between two commits; a row passes two of them before it is in the metrics. */
  @WithDefault("200ms")
  Duration commitInterval();

  /**
   * Partitions of the internal topics, hence the most replicas that share the work. It cannot
   * change under an application id that has already run.
   */
  @WithDefault("6")
  int partitions();

  /** Stream threads of this replica. */
  @WithDefault("1")
  int threads();
}
