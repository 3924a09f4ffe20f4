package io.lift.service.traces;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import java.net.URI;
import java.util.List;

/**
 * Lets Quarkus's OpenTelemetry read OpenTelemetry's standard settings: {@code quarkus.otel.X} is
 * {@code otel.X} ({@code OTEL_X} in the environment) where that is set. Without {@value #ENDPOINT},
 * the SDK is disabled, so that nothing is recorded or sent. A wrong endpoint, protocol or ratio
 * ends the start with a sentence that names the setting.
 */
public final class TraceSettings implements ConfigSourceInterceptor {
  private static final long serialVersionUID = 1L;

  static final String ENDPOINT = "otel.exporter.otlp.endpoint";
  static final String TRACES_ENDPOINT = "otel.exporter.otlp.traces.endpoint";
  static final String DISABLED = "quarkus.otel.sdk.disabled";

  private static final String RATIO = "otel.traces.sampler.arg";
  private static final List<String> PROTOCOLS = List.of("grpc", "http/protobuf");
  private static final String QUARKUS = "quarkus.";
  private static final String QUARKUS_OTEL = "quarkus.otel.";
  private static final String ALL_SIGNALS = "otel.exporter.otlp.";
  private static final String TRACES = "otel.exporter.otlp.traces.";

  @Override
  public ConfigValue getValue(ConfigSourceInterceptorContext settings, String name) {
    if (!name.startsWith(QUARKUS_OTEL)) {
      return settings.proceed(name);
    }
    String standard = name.substring(QUARKUS.length());
    ConfigValue given = given(settings, standard);
    if (given == null && standard.startsWith(TRACES)) {
      given = given(settings, ALL_SIGNALS + standard.substring(TRACES.length()));
    }
    if (given != null) {
      check(standard, given);
      return given.withName(name);
    }
    boolean nowhere = given(settings, ENDPOINT) == null && given(settings, TRACES_ENDPOINT) == null;
    return name.equals(DISABLED) && nowhere
        ? ConfigValue.builder().withName(name).withValue("true").build()
        : settings.proceed(name);
  }

  private static void check(String name, ConfigValue given) {
    String value = given.getValue();
    if (name.startsWith(ALL_SIGNALS) && name.endsWith(".endpoint") && !isAddress(value)) {
      throw wrong(given, "like http://collector:4317");
    }
    if (name.startsWith(ALL_SIGNALS) && name.endsWith(".protocol") && !PROTOCOLS.contains(value)) {
      throw wrong(given, String.join(" or ", PROTOCOLS));
    }
    if (name.equals(RATIO) && !isRatio(value)) {
      throw wrong(given, "from 0 to 1");
    }
  }

  private static boolean isAddress(String value) {
    try {
      URI uri = URI.create(value);
      return uri.getHost() != null && String.valueOf(uri.getScheme()).matches("https?");
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isRatio(String value) {
    try {
      double ratio = Double.parseDouble(value);
      return ratio >= 0 && ratio <= 1;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static ConfigurationException wrong(ConfigValue given, String possible) {
    return new ConfigurationException(
        "%s must be %s, but is '%s'.".formatted(given.getName(), possible, given.getValue()));
  }

  /** A setting; null if it is missing or blank. */
  private static ConfigValue given(ConfigSourceInterceptorContext settings, String name) {
    ConfigValue value = settings.proceed(name);
    return value == null || value.getValue() == null || value.getValue().isBlank() ? null : value;
  }
}
