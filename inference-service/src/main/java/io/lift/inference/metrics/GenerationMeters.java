package io.lift.inference.metrics;

import io.lift.core.row.RejectReason;
import io.lift.inference.generation.GenerationObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;

/** Meters of generated rows. */
@Singleton
public class GenerationMeters implements GenerationObserver {
  private final MeterRegistry meters;

  GenerationMeters(MeterRegistry meters) {
    this.meters = meters;
  }

  @Override
  public void generated(String task, int rows, int rejected) {
    Counter.builder("lift.rows.generated")
        .description("rows sampled from a task's model")
        .tag("task", task)
        .register(meters)
        .increment(rows);
    Counter.builder("lift.rows.rejected")
        .description("drafts of rows that were rejected because they left the schema")
        .tag("task", task)
        .register(meters)
        .increment(rejected);
  }

  @Override
  public void deadLetter(RejectReason reason) {
    meters.counter("lift.dead.letters", "reason", reason.code()).increment();
  }

  @Override
  public void aborted(Throwable cause) {
    RequestMeters.abortedTransactions(meters).increment();
  }
}
