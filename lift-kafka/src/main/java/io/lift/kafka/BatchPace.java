package io.lift.kafka;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Spaces the batches of a loop that commits each in a transaction. A broker spends some
 * milliseconds on a transaction, however few records it has. While rows come one by one, each would
 * be a transaction of its own, and the broker would be busy with nothing else. A row that comes
 * after a pause is read at once. One thread.
 */
public final class BatchPace {
  /**
   * From the begin of a small batch to the begin of the next. Half as much again doubled the time
   * of a row at 100 rows/s.
   */
  private static final Duration APART = Duration.ofMillis(20);

  /** A larger batch is worth its transaction. */
  private static final int SMALL = 100;

  private long began;

  /** A batch has been read. */
  public void begin() {
    began = System.nanoTime();
  }

  /** A batch of so many records is done: waits until the next one may be read. */
  public void end(int records) throws InterruptedException {
    if (records > 0 && records < SMALL) {
      TimeUnit.NANOSECONDS.sleep(rest(System.nanoTime() - began));
    }
  }

  /**
   * How long a loop rests after a small batch.
   *
   * @param took what the batch took, in nanoseconds
   */
  static long rest(long took) {
    return Math.max(0, APART.toNanos() - took);
  }
}
