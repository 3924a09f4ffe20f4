package io.lift.serializer;

import io.lift.kafka.TransactionalLoop;
import io.lift.serializer.rows.RowBatchHandler;
import io.lift.service.progress.ProgressCheck;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the tasks are known and rows are being read; live while the loop makes progress. */
@ApplicationScoped
public class SerializerHealth {

  @Produces
  @Readiness
  HealthCheck ready(RowBatchHandler handler, TransactionalLoop loop) {
    return () ->
        HealthCheckResponse.named("tasks known, rows being read")
            .status(handler.tasks().caughtUp() && loop.started())
            .build();
  }

  @Produces
  @Readiness
  HealthCheck progress(TransactionalLoop loop, MeterRegistry registry) {
    return new ProgressCheck("rows get on", loop.progress(), registry);
  }

  @Produces
  @Liveness
  HealthCheck live(SerializerConfig config, TransactionalLoop loop) {
    return () -> {
      Duration silence = loop.sinceLastPoll();
      return HealthCheckResponse.named("loop makes progress")
          .status(silence.compareTo(config.stalledAfter()) < 0)
          .withData("millisSinceLastPoll", silence.toMillis())
          .build();
    };
  }
}
