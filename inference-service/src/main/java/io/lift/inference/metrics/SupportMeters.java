package io.lift.inference.metrics;

import io.lift.inference.support.LiveSupport;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Meters of the labelled rows that answers are based on. */
@Singleton
public class SupportMeters {
  private static final Duration[] TIMES = {
    Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofSeconds(1)
  };

  private final MeterRegistry meters;
  private final List<Meter> gauges = new ArrayList<>();

  SupportMeters(MeterRegistry meters) {
    this.meters = meters;
  }

  /** Measures what is kept. */
  public void observe(LiveSupport support) {
    gauges.add(
        Gauge.builder("lift.support.size", support::bytes)
            .description("memory that labelled rows take once they have been read in context")
            .baseUnit("bytes")
            .register(meters));
    gauges.add(
        Gauge.builder("lift.support.pace", support::steps)
            .description(
                "steps from one reading of a window of labelled rows to the next, 1 if it keeps up")
            .register(meters));
  }

  /** A window of labelled rows was read in so many nanoseconds. */
  public void read(long nanos) {
    Timer.builder("lift.support.read")
        .description("reading one window of labelled rows in context")
        .serviceLevelObjectives(TIMES)
        .register(meters)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Another application in this JVM would get the gauges again. */
  @PreDestroy
  void close() {
    gauges.forEach(meters::remove);
  }
}
