package io.lift.inference;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready when the base model is open, tasks and checkpoints are known and requests are read. Not
 * ready where the newest checkpoint of every task is of another base model: trainer and inference
 * then have different {@code lift.model.path}s.
 */
@Readiness
@ApplicationScoped
public class ModelsReadiness implements HealthCheck {
  private final ServiceStatus status;

  ModelsReadiness(ServiceStatus status) {
    this.status = status;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named("models").status(status.ready());
    List<String> missing = status.waitingFor();
    if (!missing.isEmpty()) {
      response.withData("waiting for", String.join(", ", missing));
    }
    List<String> others = status.tasksOfOtherBases();
    if (!others.isEmpty()) {
      response.withData(
          "checkpoints of another base model (give trainer and inference the same lift.model.path)",
          String.join(", ", others));
    }
    return response.build();
  }
}
