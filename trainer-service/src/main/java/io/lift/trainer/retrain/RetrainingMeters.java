package io.lift.trainer.retrain;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** Counts how retrainings end, by task. Thread-safe. */
public final class RetrainingMeters {
  private final MeterRegistry registry;

  /** How a retraining ends. */
  public enum Result {
    /** Its ensemble serves. */
    KEPT,
    /** Its ensemble was not better than those that served. */
    DROPPED,
    /** Its task moved, changed or ended, or it could not be trained. */
    ABANDONED
  }

  public RetrainingMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** A retraining has ended. */
  public void ended(String task, Result result) {
    String name = result.name().toLowerCase(Locale.ROOT);
    registry.counter("lift.train.retrainings", "task", task, "result", name).increment();
  }
}
