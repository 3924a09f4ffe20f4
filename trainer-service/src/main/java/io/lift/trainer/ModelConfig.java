package io.lift.trainer;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** The base model. */
@ConfigMapping(prefix = "lift.model")
public interface ModelConfig {

  /** Directory of a base model; without it, the embedded one. */
  Optional<String> path();

  /** Where it computes: {@code auto}, {@code cpu}, {@code gpu} or {@code gpu:N}. */
  @WithDefault("auto")
  String device();
}
