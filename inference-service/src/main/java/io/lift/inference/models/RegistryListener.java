package io.lift.inference.models;

import java.time.Duration;

/** Follows the registry, for logs and meters. Called on the registry's threads; must be quick. */
public interface RegistryListener {

  /** A version answers from now on. */
  default void loaded(String task, LoadedModel model, Duration took) {}

  /**
   * A version will not be used; what answered before goes on.
   *
   * @param why one sentence
   */
  default void refused(String task, long version, CheckpointRejection refusal, String why) {}

  /** A model made room for another; it is loaded again when a request asks for it. */
  default void evicted(String task, LoadedModel model) {}

  /** The task was deleted. */
  default void forgotten(String task) {}
}
