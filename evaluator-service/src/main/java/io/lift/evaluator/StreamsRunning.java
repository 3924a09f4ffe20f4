package io.lift.evaluator;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when the streams run and the metrics of the past have been read. */
@Readiness
class StreamsRunning implements HealthCheck {
  private final Evaluator evaluator;

  StreamsRunning(Evaluator evaluator) {
    this.evaluator = evaluator;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("evaluator")
        .status(evaluator.running() && evaluator.caughtUp())
        .withData("streamsRunning", evaluator.running())
        .withData("metricsCaughtUp", evaluator.caughtUp())
        .build();
  }
}
