package io.lift.inference.support;

import io.lift.model.decoder.NativePriority;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jboss.logging.Logger;

/**
 * Reads windows of labelled rows with the in-context model, on two threads of its own: the shortest
 * windows never wait for the long ones. What somebody waits for is read before what may be needed
 * later. Of several ends of one window that may be needed later, only the newest is. Thread-safe.
 */
final class SupportReader implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(SupportReader.class);

  private static final int CLOSE_MILLIS = 10_000;
  private static final int YIELDING = 5;
  private static final int YIELDING_MORE = 10;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final LongConsumer observer;
  private final ReadingPace pace = new ReadingPace(System.nanoTime());
  private final Map<SupportSlot, Long> asked = new LinkedHashMap<>(); // ends
  private final Map<SupportSlot, Long> ahead = new LinkedHashMap<>();
  private final Map<SupportSlot, Long> empty = new HashMap<>(); // the newest end without rows
  private final ReadWindows read;
  private final List<Thread> threads;
  private boolean closed;

  /**
   * @param capacity bytes that may be kept; of the tasks that were asked last something always is
   * @param observer is told the nanoseconds of each reading
   */
  SupportReader(long capacity, LongConsumer observer) {
    this.observer = observer;
    this.read = new ReadWindows(capacity);
    this.threads =
        List.of(
            new Thread(() -> run(true), "lift-support-short"),
            new Thread(() -> run(false), "lift-support-long"));
    threads.forEach(thread -> thread.setDaemon(true));
    threads.forEach(Thread::start);
  }

  /** Reads the window that ends before a place when there is time, if it has not been read. */
  void prepare(TaskSupport task, SupportWindow window, long position) {
    long end = task.end(window, position, pace.steps());
    SupportSlot slot = new SupportSlot(task, window);
    synchronized (this) {
      if (end >= 0 && read.found(slot, end) == null && !isEmpty(slot, end)) {
        ahead.put(slot, end);
        notifyAll();
      }
    }
  }

  /**
   * Leases the window that ends before a place. While it is being read, this waits, unless reading
   * has fallen behind.
   *
   * @param deadline when to stop waiting, {@link System#nanoTime()}; then an older end is leased
   * @param any whether an older end is leased without waiting
   * @return null if there is none
   */
  ReadSupport lease(
      TaskSupport task, SupportWindow window, long position, long deadline, boolean any)
      throws InterruptedException {
    int steps = pace.steps();
    long end = task.end(window, position, steps);
    if (end < 0) {
      return null;
    }
    SupportSlot slot = new SupportSlot(task, window);
    synchronized (this) {
      while (true) {
        ReadSupport exact = read.found(slot, end);
        if (exact != null) {
          return exact.acquire() ? exact : null;
        }
        if (isEmpty(slot, end)) {
          return null;
        }
        ReadSupport older = read.newestBefore(slot, end);
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          pace.late();
        }
        if (older != null && (any || steps > 1) || left <= 0 || closed) {
          asked.merge(slot, end, Math::max);
          notifyAll();
          return older != null && older.acquire() ? older : null;
        }
        asked.putIfAbsent(slot, end);
        notifyAll();
        wait(left);
      }
    }
  }

  private boolean isEmpty(SupportSlot slot, long end) {
    return empty.getOrDefault(slot, -1L) == end;
  }

  /**
   * @param shortest whether the shortest windows are read, or all others
   */
  private void run(boolean shortest) {
    NativePriority.yieldToOthers(shortest ? YIELDING : YIELDING_MORE); // rows are answered first
    while (true) {
      SupportSlot slot;
      long end;
      synchronized (this) {
        while (true) {
          if (closed) {
            return;
          }
          SupportSlot first = first(asked, shortest);
          slot = first == null ? first(ahead, shortest) : first;
          if (slot != null) {
            end = (first == null ? ahead : asked).remove(slot);
            if (read.found(slot, end) == null) {
              break;
            }
            continue;
          }
          try {
            wait();
          } catch (InterruptedException e) {
            return;
          }
        }
      }
      read(slot, end);
    }
  }

  private static SupportSlot first(Map<SupportSlot, Long> wanted, boolean shortest) {
    SupportSlot first = null;
    for (SupportSlot each : wanted.keySet()) {
      if (each.window().shortest() == shortest
          && (first == null || each.window().rows() < first.window().rows())) {
        first = each;
      }
    }
    return first;
  }

  private void read(SupportSlot slot, long end) {
    long began = System.nanoTime();
    long computed = THREADS.getCurrentThreadCpuTime();
    try {
      List<SupportRow> rows = slot.task().rows(slot.window(), end);
      if (rows.isEmpty()) {
        synchronized (this) {
          empty.put(slot, end);
          notifyAll();
        }
        return;
      }
      keep(slot, ReadSupport.of(slot.window(), end, slot.task().reader(), rows));
      long now = System.nanoTime();
      pace.read(THREADS.getCurrentThreadCpuTime() - computed, now);
      observer.accept(now - began);
    } catch (RuntimeException e) {
      LOG.warnf(
          "the labelled rows of task %s cannot be read: %s", slot.task().task(), e.getMessage());
      LOG.debug("the cause", e);
    }
  }

  private synchronized void keep(SupportSlot slot, ReadSupport fresh) {
    if (closed || fresh.from() < slot.task().start(fresh.end())) { // a drift was seen meanwhile
      fresh.release();
    } else {
      read.keep(slot, fresh);
    }
    notifyAll(); // who waited for a window that is of no use asks again
  }

  /** What is kept, in bytes. */
  synchronized long bytes() {
    return read.bytes();
  }

  /** Rows wait for the service, which needs the time that reading takes. */
  void behind() {
    pace.behind();
  }

  /** Steps from one end of a window to the next, see {@link ReadingPace}. */
  int steps() {
    return pace.steps();
  }

  /** Forgets what has been read of a task. */
  synchronized void forget(TaskSupport task) {
    asked.keySet().removeIf(slot -> slot.task() == task);
    ahead.keySet().removeIf(slot -> slot.task() == task);
    empty.keySet().removeIf(slot -> slot.task() == task);
    read.forget(task);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      for (Thread thread : threads) {
        thread.join(CLOSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      read.clear();
    }
  }
}
