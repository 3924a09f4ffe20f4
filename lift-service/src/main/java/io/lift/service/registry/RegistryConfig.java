package io.lift.service.registry;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** Where the schemas are of sources and predictions that have schemas in a registry. */
@ConfigMapping(prefix = "lift.registry")
public interface RegistryConfig {
  /**
   * The schema registry, e.g. {@code https://registry:8081}; of several replicas, with commas. With
   * Apicurio's registry, it ends with {@code /apis/ccompat/v7}. For {@code https}, certificates are
   * those of {@code kafka.ssl.*} if they are set, and of the JVM otherwise.
   */
  Optional<String> url();

  /** User for basic authentication. */
  Optional<String> user();

  /** Password of the user. */
  Optional<String> password();

  /** A bearer token; it goes before user and password. */
  Optional<String> token();

  /** Schemas that are kept in memory at most; those used last are kept. */
  @WithDefault("1000")
  int cache();
}
