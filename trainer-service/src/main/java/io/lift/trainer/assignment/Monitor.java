package io.lift.trainer.assignment;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * Holds a state that one thread at a time can reach. Each call is one atomic action. An action must
 * not block, and its result must be immutable.
 *
 * @param <S> type of the state
 */
final class Monitor<S> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final S state;

  /** An action with a result. */
  @FunctionalInterface
  interface Action<S, T, E extends Exception> {
    T apply(S state) throws E;
  }

  /**
   * @param state reached from now on through this monitor only
   */
  Monitor(S state) {
    this.state = state;
  }

  /** Runs an action whose effects no thread waits for. */
  <T, E extends Exception> T get(Action<S, T, E> action) throws E {
    lock.lock();
    try {
      return action.apply(state);
    } finally {
      lock.unlock();
    }
  }

  /** Runs an action and wakes the threads that wait for a change. */
  <T, E extends Exception> T changeAndGet(Action<S, T, E> action) throws E {
    lock.lock();
    try {
      T result = action.apply(state);
      changed.signalAll();
      return result;
    } finally {
      lock.unlock();
    }
  }

  /** The same without a result. */
  void change(Consumer<S> action) {
    changeAndGet(
        held -> {
          action.accept(held);
          return null;
        });
  }

  /**
   * Waits until a condition holds.
   *
   * @return false if it does not hold after {@code limit}
   */
  boolean await(Predicate<S> condition, Duration limit) throws InterruptedException {
    lock.lock();
    try {
      long left = limit.toNanos();
      while (!condition.test(state) && left > 0) {
        left = changed.awaitNanos(left);
      }
      return condition.test(state);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until an action has a result. The action runs again after each change and at the time
   * that the state says.
   *
   * @param stop whether to stop waiting
   * @param wakeAt when to try again without a change, in epoch milliseconds
   * @param maxMillis how long to wait at most
   * @return empty if there was no result in time or {@code stop} holds
   */
  <T> Optional<T> poll(
      Function<S, Optional<T>> action, Predicate<S> stop, ToLongFunction<S> wakeAt, long maxMillis)
      throws InterruptedException {
    lock.lock();
    try {
      long deadline = System.currentTimeMillis() + maxMillis;
      while (!stop.test(state)) {
        Optional<T> result = action.apply(state);
        long now = System.currentTimeMillis();
        if (result.isPresent() || now >= deadline) {
          return result;
        }
        long wait = Math.min(deadline, wakeAt.applyAsLong(state)) - now;
        changed.await(Math.max(1, wait), TimeUnit.MILLISECONDS);
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }
}
