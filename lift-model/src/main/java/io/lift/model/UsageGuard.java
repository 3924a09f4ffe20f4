package io.lift.model;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** Lets many threads use a scorer at once. Closing waits for them and happens once. */
final class UsageGuard {
  private final ReadWriteLock usage = new ReentrantReadWriteLock();
  private boolean closed;

  /**
   * Computes something while the scorer is open.
   *
   * @throws IllegalStateException if it is closed
   */
  <T> T whileOpen(Supplier<T> work) {
    Lock held = acquire();
    try {
      return work.get();
    } finally {
      held.unlock();
    }
  }

  /**
   * Keeps the scorer open until the lock is released.
   *
   * @return a lock that this thread holds
   * @throws IllegalStateException if it is closed
   */
  Lock acquire() {
    Lock lock = usage.readLock();
    lock.lock();
    if (closed) {
      lock.unlock();
      throw new IllegalStateException("this scorer is closed");
    }
    return lock;
  }

  /** Runs the closing action on the first call and does nothing after that. */
  void close(Runnable closing) {
    usage.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        closing.run();
      }
    } finally {
      usage.writeLock().unlock();
    }
  }
}
