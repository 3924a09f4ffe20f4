package io.lift.service.lifecycle;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The meter {@value #METER}, which is 1 and has the service's name as the label {@code
 * application}. Every installation of Prometheus names its scrape jobs in its own way, so alerts
 * and scaling rules know by this meter which services there are.
 */
@Singleton
public class ServiceMeter {
  static final String METER = "lift.service.up";

  private final MeterRegistry registry;
  private final String application;

  /**
   * @param application name of the service, e.g. {@code lift-trainer}
   */
  ServiceMeter(
      MeterRegistry registry,
      @ConfigProperty(name = "quarkus.application.name") String application) {
    this.registry = registry;
    this.application = application;
  }

  void start(@Observes StartupEvent event) {
    Gauge.builder(METER, () -> 1)
        .description("1 while the service runs")
        .tag("application", application)
        .register(registry);
  }
}
