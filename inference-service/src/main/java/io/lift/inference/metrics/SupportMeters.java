package io.lift.inference.metrics;

import io.lift.inference.support.LiveSupport;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Meters of the labelled rows that answers are based on. */
@Singleton
public class SupportMeters {
  private static final Duration[] TIMES = {
    Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofSeconds(1)
  };

  private final MeterRegistry meters;
  private Meter size;

  SupportMeters(MeterRegistry meters) {
    this.meters = meters;
  }

  /** Measures what is kept. */
  public void observe(LiveSupport support) {
    size =
        Gauge.builder("lift.support.size", support::bytes)
            .description("memory that labelled rows take once they have been read in context")
            .baseUnit("bytes")
            .register(meters);
  }

  /** A window of labelled rows was read in so many nanoseconds. */
  public void read(long nanos) {
    Timer.builder("lift.support.read")
        .description("reading one window of labelled rows in context")
        .serviceLevelObjectives(TIMES)
        .register(meters)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Another application in this JVM would get the gauge again. */
  @PreDestroy
  void close() {
    if (size != null) {
      meters.remove(size);
    }
  }
}
