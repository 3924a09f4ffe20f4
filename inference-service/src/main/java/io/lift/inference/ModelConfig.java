package io.lift.inference;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** The base model. */
@ConfigMapping(prefix = "lift.model")
public interface ModelConfig {

  /** Directory of a base model; without it, the embedded one. */
  Optional<String> path();

  /** Where it computes: {@code auto}, {@code cpu} or {@code gpu}. */
  @WithDefault("auto")
  String device();
}
