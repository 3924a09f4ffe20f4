package io.lift.trainer;

import io.lift.trainer.training.Trainer;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Up once the base model is open and all tasks and checkpoints on the log have been read. */
@Readiness
@ApplicationScoped
public class TrainingReadiness implements HealthCheck {
  private final Trainer trainer;

  TrainingReadiness(Trainer trainer) {
    this.trainer = trainer;
  }

  @Override
  public HealthCheckResponse call() {
    boolean ready = trainer.ready();
    return HealthCheckResponse.named("base model, tasks and checkpoints").status(ready).build();
  }
}
