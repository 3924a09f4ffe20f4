package io.lift.service.traces;

import io.lift.kafka.Traces;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;

/** Makes the traces of a service, which go nowhere if there is no endpoint for them. */
@Singleton
public class TracesLifecycle {
  private final TracesConfig config;
  private TraceExport export;

  TracesLifecycle(TracesConfig config) {
    this.config = config;
  }

  /** Traces to the configured endpoint; {@link Traces#NONE} without one. */
  @Produces
  @Singleton
  Traces traces() {
    open();
    return export == null ? Traces.NONE : new Traces(export.tracer());
  }

  void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE - 1) StartupEvent event) {
    open(); // a wrong setting ends the start before the service's own beans begin
  }

  private synchronized void open() {
    if (export != null || config.endpoint().isEmpty()) {
      return;
    }
    try {
      export =
          new TraceExport(
              config.endpoint().get(), config.protocol(), config.ratio(), config.service());
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(e.getMessage());
    }
  }

  void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_AFTER + 1000) ShutdownEvent event) {
    if (export != null) {
      export.close();
    }
  }
}
