package io.lift.service.kafka;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** From where Kafka's clients may fetch their OAuth tokens. */
@ConfigMapping(prefix = "lift.oauth")
public interface OauthConfig {

  /**
   * Addresses from which Kafka's clients may fetch tokens ({@code OAUTHBEARER}), with commas: that
   * of {@code kafka.sasl.oauthbearer.token.endpoint.url}. Kafka 4 allows none without it.
   */
  Optional<String> allowedUrls();

  /** Files that Kafka's clients may read for that, e.g. a private key, with commas. */
  Optional<String> allowedFiles();
}
