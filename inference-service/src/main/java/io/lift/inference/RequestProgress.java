package io.lift.inference;

import io.lift.inference.generation.GenerationChannel;
import io.lift.inference.requests.RequestLoop;
import io.lift.service.progress.ProgressCheck;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.Readiness;

/** Makes the checks that say where requests, and requests for rows, are stuck. */
@ApplicationScoped
public class RequestProgress {

  @Produces
  @Readiness
  HealthCheck progress(RequestLoop loop, MeterRegistry registry) {
    return new ProgressCheck("requests get on", loop.progress(), registry);
  }

  @Produces
  @Readiness
  HealthCheck generationProgress(GenerationChannel channel, MeterRegistry registry) {
    return new ProgressCheck("requests for rows get on", channel.progress(), registry);
  }
}
