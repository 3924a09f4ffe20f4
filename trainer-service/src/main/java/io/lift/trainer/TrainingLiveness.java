package io.lift.trainer;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Up while the training thread turns, step by step in a round. */
@Liveness
@ApplicationScoped
public class TrainingLiveness implements HealthCheck {
  private final TrainerService service;
  private final TrainerConfig config;

  TrainingLiveness(TrainerService service, TrainerConfig config) {
    this.service = service;
    this.config = config;
  }

  @Override
  public HealthCheckResponse call() {
    boolean live = service.trainer() == null || service.trainer().live(config.livenessTimeout());
    return HealthCheckResponse.named("training thread").status(live).build();
  }
}
