package io.lift.cli.base;

import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Detects that work of unknown length has stalled: its observed state has not changed for a given
 * time. Not thread-safe.
 */
public final class StallDetector {
  private final Duration limit;
  private final LongSupplier nanos;
  private Object state;
  private long since;

  /**
   * @param limit for which nothing may change, from now on
   */
  public StallDetector(Duration limit) {
    this(limit, System::nanoTime);
  }

  StallDetector(Duration limit, LongSupplier nanos) {
    this.limit = limit;
    this.nanos = nanos;
    this.since = nanos.getAsLong();
  }

  /**
   * Whether the state has been the same for longer than the limit.
   *
   * @param now compared by {@code equals}
   */
  public boolean reached(Object now) {
    if (!Objects.equals(now, state)) {
      state = now;
      since = nanos.getAsLong();
    }
    return nanos.getAsLong() - since > limit.toNanos();
  }
}
