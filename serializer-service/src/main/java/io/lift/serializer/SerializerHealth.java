package io.lift.serializer;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the tasks are known and rows are being read; live while the loop goes round. */
@ApplicationScoped
public class SerializerHealth {
  private final SerializerService service;

  SerializerHealth(SerializerService service) {
    this.service = service;
  }

  @Produces
  @Readiness
  HealthCheck ready() {
    return () ->
        HealthCheckResponse.named("tasks known, rows being read").status(service.ready()).build();
  }

  @Produces
  @Liveness
  HealthCheck live() {
    return () ->
        HealthCheckResponse.named("loop goes round")
            .status(service.live())
            .withData("millisSinceLastPoll", service.sinceLastPoll().toMillis())
            .build();
  }
}
