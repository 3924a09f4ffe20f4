package io.lift.service.traces;

import io.lift.kafka.Traces;
import io.opentelemetry.api.OpenTelemetry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes the traces of a service. */
@Singleton
public class TraceBeans {
  /** Traces by Quarkus's OpenTelemetry; {@link Traces#NONE} if that is disabled. */
  @Produces
  @Singleton
  Traces traces(
      OpenTelemetry telemetry, @ConfigProperty(name = TraceSettings.DISABLED) boolean disabled) {
    return disabled ? Traces.NONE : new Traces(telemetry.getTracer("io.lift"));
  }
}
