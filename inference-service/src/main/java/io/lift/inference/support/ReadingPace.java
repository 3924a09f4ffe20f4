package io.lift.inference.support;

/**
 * How many steps apart the ends of windows are. One step, and more while rows wait in vain for
 * windows because reading them takes most of a core, or while rows wait for the whole service,
 * which then needs the core for them. Thread-safe.
 */
final class ReadingPace {
  private static final int MOST = 64;
  private static final double BUSY = 0.5; // share of the time
  private static final double IDLE = 0.15; // twice of it is less than busy
  private static final double LITTLE = 0.1; // less of it would not help the rows
  private static final long INTERVAL_NANOS = 1_000_000_000L;

  private int steps = 1;
  private long began;
  private long spent;
  private boolean late;
  private boolean behind;

  /**
   * @param now {@link System#nanoTime()}
   */
  ReadingPace(long now) {
    this.began = now;
  }

  /**
   * A window was read.
   *
   * @param nanos time of the processor
   */
  synchronized void read(long nanos, long now) {
    spent += nanos;
    if (now - began < INTERVAL_NANOS) {
      return;
    }
    double share = spent / (double) (now - began);
    if (share > BUSY && late || share > LITTLE && behind) {
      steps = Math.min(MOST, 2 * steps);
    } else if (share < IDLE && !behind) {
      steps = Math.max(1, steps / 2);
    }
    began = now;
    spent = 0;
    late = false;
    behind = false;
  }

  /** A row has waited for a window as long as it may. */
  synchronized void late() {
    late = true;
  }

  /** Rows wait for the service. */
  synchronized void behind() {
    behind = true;
  }

  /** Steps from one end to the next, a power of two. */
  synchronized int steps() {
    return steps;
  }
}
