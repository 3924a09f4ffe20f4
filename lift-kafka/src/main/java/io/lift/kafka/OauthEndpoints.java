package io.lift.kafka;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule;

/**
 * The addresses and files from which Kafka's clients may fetch their OAuth tokens. Kafka reads them
 * from system properties, so they hold for all clients of a process.
 */
public final class OauthEndpoints {
  /** Setting of Lift: addresses, with commas. */
  public static final String URLS = "lift.oauth.allowed-urls";

  /** Setting of Lift: files, with commas. */
  public static final String FILES = "lift.oauth.allowed-files";

  private static final String ALLOWED_URLS = "org.apache.kafka.sasl.oauthbearer.allowed.urls";
  private static final String ALLOWED_FILES = "org.apache.kafka.sasl.oauthbearer.allowed.files";

  private OauthEndpoints() {}

  /**
   * Allows them. What is empty stays as the system property has it.
   *
   * @param urls addresses, with commas
   * @param files files, with commas
   */
  public static void allow(Optional<String> urls, Optional<String> files) {
    urls.ifPresent(allowed -> System.setProperty(ALLOWED_URLS, allowed));
    files.ifPresent(allowed -> System.setProperty(ALLOWED_FILES, allowed));
  }

  /**
   * Checks that a client with these settings may fetch its token.
   *
   * @throws KafkaUnavailableException if not; the message says what to set
   */
  public static void check(Map<String, ?> client) {
    Object mechanism = client.get(SaslConfigs.SASL_MECHANISM);
    Object endpoint = client.get(SaslConfigs.SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL);
    if (OAuthBearerLoginModule.OAUTHBEARER_MECHANISM.equals(mechanism) && endpoint != null) {
      String url = endpoint.toString().strip();
      List<String> allowed =
          List.of(System.getProperty(ALLOWED_URLS, "").strip().split("\\s*,\\s*"));
      if (!allowed.contains(url)) {
        throw new KafkaUnavailableException(
            "Kafka's clients may not fetch tokens from %s: set %s=%s".formatted(url, URLS, url),
            null);
      }
    }
  }
}
