package io.lift.inference.models;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts who uses something that must be freed. It begins with one lease, and the last {@link
 * #release} frees. Thread-safe.
 */
public final class Leases {
  private final Runnable free;
  private final AtomicInteger count = new AtomicInteger(1);

  /**
   * @param free called once, when no lease is left
   */
  public Leases(Runnable free) {
    this.free = free;
  }

  /** Takes a lease; false if it has been freed. */
  public boolean acquire() {
    return count.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0;
  }

  /** Takes one more lease; the caller must hold one. */
  public void retain() {
    count.incrementAndGet();
  }

  /** Gives one lease back. */
  public void release() {
    if (count.decrementAndGet() == 0) {
      free.run();
    }
  }
}
