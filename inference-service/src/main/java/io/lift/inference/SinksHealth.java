package io.lift.inference;

import io.lift.inference.requests.Sinks;
import io.lift.kafka.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Says why predictions of tasks do not go to their own topics. It is up nevertheless: all other
 * tasks are answered.
 */
@Readiness
@ApplicationScoped
public class SinksHealth implements HealthCheck {
  private final Sinks sinks;

  SinksHealth(Sinks sinks) {
    this.sinks = sinks;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named("predictions go to the topics of tasks").up();
    Collection<String> problems = sinks.problems().values();
    if (!problems.isEmpty()) {
      response.withData(Progress.NOTE, String.join(" ", problems));
    }
    return response.build();
  }
}
