package io.lift.inference.support;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jboss.logging.Logger;

/**
 * Reads windows of labelled rows with the in-context model, on a thread of its own, and keeps the
 * newest ones of each task. What somebody waits for is read before what may be needed later. Of
 * several ends of one window that may be needed later, only the newest is. Thread-safe.
 */
final class SupportReader implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(SupportReader.class);

  /** Ends of one window that are kept, so that requests that came before the newest have theirs. */
  private static final int KEPT = 3;

  private record Slot(TaskSupport task, SupportWindow window) {}

  private final long capacity;
  private final LongConsumer observer;
  private final Map<Slot, List<SupportRow>> asked = new LinkedHashMap<>();
  private final Map<Slot, List<SupportRow>> ahead = new LinkedHashMap<>();
  private final Map<Slot, Deque<ReadSupport>> read =
      new LinkedHashMap<>(16, 0.75f, true); // the least recently used task first
  private final Thread thread;
  private boolean closed;

  /**
   * @param capacity bytes that may be kept; of the tasks that were asked last something always is
   * @param observer is told the nanoseconds of each reading
   */
  SupportReader(long capacity, LongConsumer observer) {
    this.capacity = capacity;
    this.observer = observer;
    this.thread = new Thread(this::run, "lift-support");
    thread.setDaemon(true);
    thread.start();
  }

  /** Reads the window that ends before a place when there is time, if it has not been read. */
  void prepare(TaskSupport task, SupportWindow window, long position) {
    List<SupportRow> rows = task.rows(window, position);
    if (!rows.isEmpty()) {
      Slot slot = new Slot(task, window);
      synchronized (this) {
        if (found(slot, ReadSupport.to(rows)) == null) {
          ahead.put(slot, rows);
          notifyAll();
        }
      }
    }
  }

  /**
   * Leases the window that ends before a place. While it is being read, this waits.
   *
   * @param deadline when to stop waiting, {@link System#nanoTime()}; then an older end is leased
   * @param any whether an older end is leased without waiting
   * @return null if there is none
   */
  ReadSupport lease(
      TaskSupport task, SupportWindow window, long position, long deadline, boolean any)
      throws InterruptedException {
    List<SupportRow> rows = task.rows(window, position);
    if (rows.isEmpty()) {
      return null;
    }
    Slot slot = new Slot(task, window);
    long to = ReadSupport.to(rows);
    synchronized (this) {
      while (true) {
        ReadSupport exact = found(slot, to);
        ReadSupport best = exact != null ? exact : newestBefore(slot, to);
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (exact != null || any && best != null || left <= 0 || closed) {
          return best != null && best.acquire() ? best : null;
        }
        asked.putIfAbsent(slot, rows);
        notifyAll();
        wait(left);
      }
    }
  }

  private ReadSupport found(Slot slot, long to) {
    for (ReadSupport each : read.getOrDefault(slot, new ArrayDeque<>())) {
      if (each.to() == to) {
        return each;
      }
    }
    return null;
  }

  private ReadSupport newestBefore(Slot slot, long to) {
    ReadSupport best = null;
    for (ReadSupport each : read.getOrDefault(slot, new ArrayDeque<>())) {
      if (each.to() < to && (best == null || each.to() > best.to())) {
        best = each;
      }
    }
    return best;
  }

  private void run() {
    while (true) {
      Slot slot;
      List<SupportRow> rows;
      synchronized (this) {
        while (asked.isEmpty() && ahead.isEmpty() && !closed) {
          try {
            wait();
          } catch (InterruptedException e) {
            return;
          }
        }
        if (closed) {
          return;
        }
        Map<Slot, List<SupportRow>> first = asked.isEmpty() ? ahead : asked;
        slot = shortest(first);
        rows = first.remove(slot);
      }
      long began = System.nanoTime();
      try {
        keep(slot, ReadSupport.of(slot.window(), slot.task().reader(), rows));
        observer.accept(System.nanoTime() - began);
      } catch (RuntimeException e) {
        LOG.warnf(
            "the labelled rows of task %s cannot be read: %s", slot.task().task(), e.getMessage());
        LOG.debug("the cause", e);
      }
    }
  }

  /** The first of the shortest windows: it takes the least time and is asked for at once. */
  private static Slot shortest(Map<Slot, List<SupportRow>> wanted) {
    Slot first = null;
    for (Slot each : wanted.keySet()) {
      first = first == null || each.window().rows() < first.window().rows() ? each : first;
    }
    return first;
  }

  private synchronized void keep(Slot slot, ReadSupport fresh) {
    Deque<ReadSupport> kept = read.computeIfAbsent(slot, s -> new ArrayDeque<>());
    kept.addLast(fresh);
    if (kept.size() > KEPT) {
      kept.removeFirst().release();
    }
    Iterator<Map.Entry<Slot, Deque<ReadSupport>>> oldest = read.entrySet().iterator();
    while (bytes() > capacity && oldest.hasNext()) {
      Map.Entry<Slot, Deque<ReadSupport>> each = oldest.next();
      if (!each.getKey().equals(slot)) {
        each.getValue().forEach(ReadSupport::release);
        oldest.remove();
      }
    }
    notifyAll();
  }

  /** What is kept, in bytes. */
  synchronized long bytes() {
    return read.values().stream().flatMap(Deque::stream).mapToLong(ReadSupport::bytes).sum();
  }

  /** Forgets what has been read of a task. */
  synchronized void forget(TaskSupport task) {
    asked.keySet().removeIf(slot -> slot.task() == task);
    ahead.keySet().removeIf(slot -> slot.task() == task);
    read.entrySet()
        .removeIf(
            each -> {
              boolean own = each.getKey().task() == task;
              if (own) {
                each.getValue().forEach(ReadSupport::release);
              }
              return own;
            });
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      read.values().forEach(kept -> kept.forEach(ReadSupport::release));
      read.clear();
    }
  }
}
