package io.lift.trainer.round;

import java.util.ArrayDeque;
import java.util.Deque;

/** Which tasks the training thread has worked for in the last five minutes. Thread-safe. */
final class TrainingShares {
  private static final long MILLIS = 5 * 60 * 1_000;

  private final Deque<Slice> slices = new ArrayDeque<>();

  private record Slice(String task, double seconds, long endedAt) {}

  /**
   * The thread has worked for a task.
   *
   * @param now epoch milliseconds
   */
  synchronized void add(String task, double seconds, long now) {
    slices.addLast(new Slice(task, seconds, now));
    forget(now);
  }

  /** The share of a task in the time that the thread has worked, 0 to 1; 0 if it has not. */
  synchronized double of(String task, long now) {
    forget(now);
    double all = slices.stream().mapToDouble(Slice::seconds).sum();
    double own =
        slices.stream()
            .filter(slice -> slice.task().equals(task))
            .mapToDouble(Slice::seconds)
            .sum();
    return all == 0 ? 0 : own / all;
  }

  private void forget(long now) {
    while (!slices.isEmpty() && slices.peekFirst().endedAt() < now - MILLIS) {
      slices.removeFirst();
    }
  }
}
