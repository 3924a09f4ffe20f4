package io.lift.inference.requests;

import io.lift.inference.requests.MicroBatcher.Pending;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Jobs that are scored whenever no others wait. Their batches are few jobs at first, and more while
 * a batch is short, so that others wait for a tenth of a second at most, or for one job. Any thread
 * may add jobs; the batcher's thread takes them.
 */
final class LaterJobs {
  private static final int FIRST = 4;
  private static final int MOST = 32;
  private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LONG_NANOS = 2 * SHORT_NANOS;

  private final Queue<Pending> queue = new ConcurrentLinkedQueue<>();
  private int size = FIRST;

  void add(List<Pending> jobs) {
    queue.addAll(jobs);
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** Takes a batch; one whose result nobody waits for any more is left out. */
  void take(List<Pending> batch) {
    for (Pending next = poll(batch); next != null; next = poll(batch)) {
      if (next.result().isDone()) {
        next.job().release();
      } else {
        batch.add(next);
      }
    }
  }

  private Pending poll(List<Pending> batch) {
    return batch.size() < size ? queue.poll() : null;
  }

  /** A batch took so many nanoseconds. */
  void took(long nanos) {
    if (nanos > LONG_NANOS) {
      size = Math.max(1, size / 2);
    } else if (nanos < SHORT_NANOS) {
      size = Math.min(MOST, 2 * size);
    }
  }

  /** Ends all of them. */
  void reject(String why) {
    for (Pending next = queue.poll(); next != null; next = queue.poll()) {
      next.job().release();
      next.result().completeExceptionally(new RejectedExecutionException(why));
    }
  }
}
