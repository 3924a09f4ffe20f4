package io.lift.cli.base;

import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Tells when something that goes on for an unknown time has come to a halt: what is seen of it has
 * not changed for too long. Not thread-safe.
 */
public final class StallDetector {
  private final Duration limit;
  private final LongSupplier nanos;
  private Object seen;
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
   * Whether what is seen now has been the same for longer than the limit.
   *
   * @param now compared by {@code equals}
   */
  public boolean reached(Object now) {
    if (!Objects.equals(now, seen)) {
      seen = now;
      since = nanos.getAsLong();
    }
    return nanos.getAsLong() - since > limit.toNanos();
  }
}
