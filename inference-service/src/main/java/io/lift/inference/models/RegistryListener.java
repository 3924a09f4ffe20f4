package io.lift.inference.models;

import java.time.Duration;

/**
 * Is told of changes of the registry, for logs and meters. Called on the registry's threads; must
 * be quick.
 */
public interface RegistryListener {

  /** This version answers from now on. */
  default void loaded(String task, LoadedModel model, Duration took) {}

  /**
   * This version is not used. The model that answered before stays.
   *
   * @param why one sentence
   */
  default void rejected(String task, long version, CheckpointRejection rejection, String why) {}

  /** The model was evicted. It is loaded again when a request needs it. */
  default void evicted(String task, LoadedModel model) {}

  /** The task was deleted. */
  default void deleted(String task) {}
}
