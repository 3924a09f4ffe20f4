package io.lift.service.model;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** The base model, which trainer and inference must have alike. */
@ConfigMapping(prefix = "lift.model")
public interface ModelConfig {

  /**
   * Directory of a base model, or minilm for the encoder in the class path; without it, the
   * embedded one.
   */
  Optional<String> path();

  /** Where it computes: {@code auto}, {@code cpu}, {@code gpu} or {@code gpu:N}. */
  @WithDefault("auto")
  String device();

  /**
   * What a published model's weights are held and computed in: {@code auto}, {@code f32} or {@code
   * f16}; auto is f32 on a CPU and f16 on a GPU.
   */
  @WithDefault("auto")
  String dtype();
}
