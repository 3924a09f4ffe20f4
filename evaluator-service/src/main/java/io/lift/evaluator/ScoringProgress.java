package io.lift.evaluator;

import io.lift.service.progress.ProgressCheck;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.Readiness;

/** Makes the check that says where scoring is stuck. */
@ApplicationScoped
public class ScoringProgress {

  @Produces
  @Readiness
  HealthCheck progress(Evaluator evaluator, MeterRegistry registry) {
    return new ProgressCheck("scoring gets on", evaluator.progress(), registry);
  }
}
