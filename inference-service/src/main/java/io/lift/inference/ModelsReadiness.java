package io.lift.inference;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready when the base model is open, tasks and checkpoints are known and requests are read. */
@Readiness
@ApplicationScoped
public class ModelsReadiness implements HealthCheck {
  private final InferenceService service;

  ModelsReadiness(InferenceService service) {
    this.service = service;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named("models").status(service.ready());
    if (!service.ready()) {
      response.withData("waiting for", String.join(", ", service.waitingFor()));
    }
    return response.build();
  }
}
