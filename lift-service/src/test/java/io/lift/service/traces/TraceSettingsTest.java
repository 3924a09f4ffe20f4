package io.lift.service.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TraceSettingsTest {

  @Test
  void withoutAnEndpointTracesAreDisabled() {
    assertThat(value(Map.of(), "quarkus.otel.sdk.disabled")).isEqualTo("true");
    assertThat(value(Map.of("otel.exporter.otlp.endpoint", " "), "quarkus.otel.sdk.disabled"))
        .isEqualTo("true");
  }

  @Test
  void anEndpointEnablesThemUnlessTheyAreDisabledByName() {
    Map<String, String> endpoint = Map.of("otel.exporter.otlp.endpoint", "http://c:4317");

    assertThat(value(endpoint, "quarkus.otel.sdk.disabled")).isNull();
    assertThat(
            value(
                Map.of("otel.exporter.otlp.endpoint", "http://c:4317", "otel.sdk.disabled", "true"),
                "quarkus.otel.sdk.disabled"))
        .isEqualTo("true");
    assertThat(value(endpoint, "quarkus.otel.exporter.otlp.endpoint")).isEqualTo("http://c:4317");
    assertThat(value(endpoint, "quarkus.otel.exporter.otlp.traces.endpoint"))
        .isEqualTo("http://c:4317");
  }

  @Test
  void aSettingOfTracesGoesBeforeThatOfAllSignals() {
    Map<String, String> both =
        Map.of(
            "otel.exporter.otlp.protocol", "grpc",
            "otel.exporter.otlp.traces.protocol", "http/protobuf");

    assertThat(value(both, "quarkus.otel.exporter.otlp.traces.protocol"))
        .isEqualTo("http/protobuf");
  }

  @Test
  void theStandardSettingGoesBeforeThatOfQuarkus() {
    Map<String, String> both =
        Map.of("otel.service.name", "standard", "quarkus.otel.service.name", "own");

    assertThat(value(both, "quarkus.otel.service.name")).isEqualTo("standard");
    assertThat(value(Map.of("quarkus.otel.service.name", "own"), "quarkus.otel.service.name"))
        .isEqualTo("own");
  }

  @Test
  void aWrongSettingIsNamed() {
    assertThatThrownBy(
            () ->
                value(
                    Map.of("otel.exporter.otlp.endpoint", "collector:4317"),
                    "quarkus.otel.exporter.otlp.traces.endpoint"))
        .hasMessageContaining("otel.exporter.otlp.endpoint")
        .hasMessageContaining("'collector:4317'");
    assertThatThrownBy(
            () ->
                value(
                    Map.of("otel.exporter.otlp.protocol", "carrier pigeon"),
                    "quarkus.otel.exporter.otlp.protocol"))
        .hasMessageContaining("otel.exporter.otlp.protocol");
    assertThatThrownBy(
            () -> value(Map.of("otel.traces.sampler.arg", "2"), "quarkus.otel.traces.sampler.arg"))
        .hasMessageContaining("otel.traces.sampler.arg");
  }

  private static String value(Map<String, String> settings, String name) {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .withInterceptors(new TraceSettings())
            .withSources(new PropertiesConfigSource(settings, "test", 100))
            .build();
    return config.getConfigValue(name).getValue();
  }
}
