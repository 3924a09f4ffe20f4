package io.lift.evaluator.scoring;

import java.time.Duration;

/**
 * Settings of the topology.
 *
 * @param timeToLive event time for which a prediction or a truth waits for its partner, and for
 *     which the fate of a row is remembered afterwards
 * @param window scored rows that the rolling metrics cover
 * @param versions checkpoint versions with metrics of their own: the newest ones
 * @param publishInterval shortest time between two messages about one task
 * @param autoRollback whether a checkpoint that stays worse than the one before it is rolled back
 * @param partitions partitions of the internal topics: how far the join spreads over replicas
 */
public record EvaluatorSettings(
    Duration timeToLive,
    int window,
    int versions,
    Duration publishInterval,
    boolean autoRollback,
    int partitions) {

  public EvaluatorSettings {
    require(timeToLive.toMillis() > 0, "time-to-live", timeToLive);
    require(window > 0, "window", window);
    require(versions > 0, "versions", versions);
    require(publishInterval.toMillis() > 0, "publish-interval", publishInterval);
    require(partitions > 0, "partitions", partitions);
  }

  private static void require(boolean valid, String name, Object value) {
    if (!valid) {
      throw new IllegalArgumentException(
          "lift.evaluator." + name + " must be positive, but is " + value);
    }
  }
}
