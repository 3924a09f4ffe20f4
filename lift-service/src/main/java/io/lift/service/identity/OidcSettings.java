package io.lift.service.identity;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import java.net.URI;

/**
 * Switches Quarkus's OpenID Connect on where an issuer is set, and computes what follows from more
 * than one setting. What has only to be handed on stands in microprofile-config.properties. A
 * setting of Quarkus's own, from anywhere but those defaults, goes before it.
 */
public final class OidcSettings implements ConfigSourceInterceptor {
  private static final long serialVersionUID = 1L;

  static final String ISSUER = "lift.http.oidc.issuer";
  static final String CLIENT_ID = "lift.http.oidc.client-id";
  static final String AUDIENCE = "lift.http.oidc.audience";

  /** Whether Quarkus asks a provider. */
  public static final String ENABLED = "quarkus.oidc.tenant-enabled";

  static final String SERVER = "quarkus.oidc.auth-server-url";
  static final String CLIENT = "quarkus.oidc.client-id";
  static final String AUDIENCES = "quarkus.oidc.token.audience";

  /** Ordinal of the sources of defaults: they are in the jars. */
  private static final int DEFAULTS = 100;

  @Override
  public ConfigValue getValue(ConfigSourceInterceptorContext settings, String name) {
    ConfigValue value = settings.proceed(name);
    boolean computed = name.equals(ENABLED) || name.equals(AUDIENCES);
    if (!computed || (value != null && value.getConfigSourceOrdinal() > DEFAULTS)) {
      return value;
    }
    return ConfigValue.builder()
        .withName(name)
        .withValue(name.equals(ENABLED) ? enabled(settings) : audiences(settings))
        .build();
  }

  private static String enabled(ConfigSourceInterceptorContext settings) {
    String issuer = given(settings, ISSUER);
    if (issuer != null && !isAddress(issuer)) {
      throw new ConfigurationException(
          "%s must be like https://id.example.org/realms/lift, but is '%s'."
              .formatted(ISSUER, issuer));
    }
    return Boolean.toString(issuer != null || given(settings, SERVER) != null);
  }

  /** A token for the client itself is always accepted: its own sessions have such tokens. */
  private static String audiences(ConfigSourceInterceptorContext settings) {
    ConfigValue own = settings.proceed(CLIENT);
    String client =
        own != null && own.getConfigSourceOrdinal() > DEFAULTS
            ? own.getValue()
            : given(settings, CLIENT_ID);
    String further = given(settings, AUDIENCE);
    return (client == null ? "lift" : client) + (further == null ? "" : "," + further);
  }

  private static boolean isAddress(String value) {
    try {
      URI uri = URI.create(value.strip());
      return uri.getHost() != null && String.valueOf(uri.getScheme()).matches("https?");
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** A setting; null if it is missing or blank. */
  private static String given(ConfigSourceInterceptorContext settings, String name) {
    ConfigValue value = settings.proceed(name);
    return value == null || value.getValue() == null || value.getValue().isBlank()
        ? null
        : value.getValue();
  }
}
