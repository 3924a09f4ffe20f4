package io.lift.serializer;

import io.lift.serializer.rows.RowLoops;
import io.lift.serializer.rows.TaskTable;
import io.lift.service.progress.ProgressCheck;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the tasks are known and rows are being read; live while the loops make progress. */
@ApplicationScoped
public class SerializerHealth {

  @Produces
  @Readiness
  HealthCheck ready(TaskTable tasks, RowLoops loops) {
    return () ->
        HealthCheckResponse.named("tasks known, rows being read")
            .status(tasks.published().caughtUp() && loops.started())
            .build();
  }

  @Produces
  @Readiness
  HealthCheck progress(RowLoops loops, MeterRegistry registry) {
    return new ProgressCheck("rows get on", loops, registry);
  }

  @Produces
  @Liveness
  HealthCheck live(SerializerConfig config, RowLoops loops) {
    return () -> {
      Duration silence = loops.sinceLastPoll();
      return HealthCheckResponse.named("loops make progress")
          .status(silence.compareTo(config.stalledAfter()) < 0)
          .withData("millisSinceLastPoll", silence.toMillis())
          .build();
    };
  }
}
