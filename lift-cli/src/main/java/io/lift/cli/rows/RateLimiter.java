package io.lift.cli.rows;

import java.util.concurrent.locks.LockSupport;

/** Keeps a steady rate: row n is due n / rate seconds after the first. */
public final class RateLimiter {
  private final double nanosPerRow;
  private final long started = System.nanoTime();
  private long rows;

  /**
   * @param rate rows per second; 0 for as fast as possible
   */
  public RateLimiter(double rate) {
    nanosPerRow = rate > 0 ? 1e9 / rate : 0;
  }

  /** Waits until the next row is due; returns early when interrupted. */
  public void await() {
    long due = started + (long) (rows++ * nanosPerRow);
    for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
      LockSupport.parkNanos(wait);
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
    }
  }
}
