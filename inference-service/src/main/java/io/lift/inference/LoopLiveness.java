package io.lift.inference;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Alive while the request loop makes progress. */
@Liveness
@ApplicationScoped
public class LoopLiveness implements HealthCheck {
  private final ServiceStatus status;

  LoopLiveness(ServiceStatus status) {
    this.status = status;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("request loop").status(status.alive()).build();
  }
}
