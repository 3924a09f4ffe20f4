package io.lift.trainer;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Up once the base model is open and all tasks and checkpoints on the log are known. */
@Readiness
@ApplicationScoped
public class TrainingReadiness implements HealthCheck {
  private final TrainerService service;

  TrainingReadiness(TrainerService service) {
    this.service = service;
  }

  @Override
  public HealthCheckResponse call() {
    boolean ready = service.trainer() != null && service.trainer().ready();
    return HealthCheckResponse.named("base model, tasks and checkpoints").status(ready).build();
  }
}
