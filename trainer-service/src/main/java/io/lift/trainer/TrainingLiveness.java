package io.lift.trainer;

import io.lift.trainer.training.Trainer;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Up while the training thread takes work and finishes optimizer steps in time. */
@Liveness
@ApplicationScoped
public class TrainingLiveness implements HealthCheck {
  private final Trainer trainer;
  private final TrainerConfig config;

  TrainingLiveness(Trainer trainer, TrainerConfig config) {
    this.trainer = trainer;
    this.config = config;
  }

  @Override
  public HealthCheckResponse call() {
    boolean live = trainer.live(config.livenessTimeout());
    return HealthCheckResponse.named("training thread").status(live).build();
  }
}
