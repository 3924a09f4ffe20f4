package io.lift.evaluator;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Alive unless the streams have given up, after which only a new process helps. */
@Liveness
class StreamsAlive implements HealthCheck {
  private final Evaluator evaluator;

  StreamsAlive(Evaluator evaluator) {
    this.evaluator = evaluator;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("streams").status(!evaluator.failed()).build();
  }
}
