package io.lift.inference.metrics;

import io.lift.inference.support.LiveSupport;
import io.lift.model.encoder.TextReader;
import io.micrometer.core.instrument.FunctionCounter;
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
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Meters of the labelled rows that answers are based on, and of their texts. */
@Singleton
public class SupportMeters {
  private static final Duration[] TIMES = {
    Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofSeconds(1)
  };

  private final MeterRegistry meters;
  private final List<Meter> gauges = new ArrayList<>();
  private Supplier<TextReader.Counts> texts; // the registry keeps no reference of its own to it

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

  /**
   * Measures how often texts are read.
   *
   * @param counts of all texts since the start
   */
  public void observe(Supplier<TextReader.Counts> counts) {
    texts = counts;
    textCounter("kept", TextReader.Counts::kept);
    textCounter("new", TextReader.Counts::fresh);
  }

  private void textCounter(String result, ToDoubleFunction<TextReader.Counts> which) {
    gauges.add(
        FunctionCounter.builder("lift.texts.read", texts, from -> which.applyAsDouble(from.get()))
            .description("texts that were asked for, which had been read before or were new")
            .tag("result", result)
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
