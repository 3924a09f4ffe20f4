package io.lift.service.traces;

import io.lift.kafka.Traces;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;

/** Switches the traces of a service on if there is an endpoint for them. */
@Singleton
public class TracesLifecycle {
  private final TracesConfig config;
  private TraceExport export;

  TracesLifecycle(TracesConfig config) {
    this.config = config;
  }

  void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE - 1) StartupEvent event) {
    if (config.endpoint().isEmpty()) {
      return;
    }
    try {
      export =
          new TraceExport(
              config.endpoint().get(), config.protocol(), config.ratio(), config.service());
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(e.getMessage());
    }
    Traces.use(export.tracer());
  }

  void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_AFTER + 1000) ShutdownEvent event) {
    if (export != null) {
      Traces.use(null);
      export.close();
    }
  }
}
