package io.lift.inference.support;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The newest ends of each window that have been read. Above a number of bytes those that were asked
 * least recently are forgotten. Not thread-safe.
 */
final class ReadWindows {
  /** Ends of one window that are kept, so that requests that came before the newest have theirs. */
  private static final int KEPT = 3;

  private final long capacity;
  private final Map<SupportSlot, Deque<ReadSupport>> read =
      new LinkedHashMap<>(16, 0.75f, true); // the least recently used first

  /**
   * @param capacity in bytes; the window that was read last is always kept
   */
  ReadWindows(long capacity) {
    this.capacity = capacity;
  }

  /** One that ends there; null for none. */
  ReadSupport found(SupportSlot slot, long end) {
    for (ReadSupport each : of(slot)) {
      if (each.end() == end) {
        return each;
      }
    }
    return null;
  }

  /** The newest that ends before; null for none. */
  ReadSupport newestBefore(SupportSlot slot, long end) {
    ReadSupport best = null;
    for (ReadSupport each : of(slot)) {
      if (each.end() < end && (best == null || each.end() > best.end())) {
        best = each;
      }
    }
    return best;
  }

  private Deque<ReadSupport> of(SupportSlot slot) {
    return read.getOrDefault(slot, new ArrayDeque<>());
  }

  void keep(SupportSlot slot, ReadSupport fresh) {
    Deque<ReadSupport> kept = read.computeIfAbsent(slot, s -> new ArrayDeque<>());
    kept.addLast(fresh);
    if (kept.size() > KEPT) {
      kept.removeFirst().release();
    }
    Iterator<Map.Entry<SupportSlot, Deque<ReadSupport>>> oldest = read.entrySet().iterator();
    while (bytes() > capacity && oldest.hasNext()) {
      Map.Entry<SupportSlot, Deque<ReadSupport>> each = oldest.next();
      if (!each.getKey().equals(slot)) {
        release(each.getValue());
        oldest.remove();
      }
    }
  }

  /** What is kept, in bytes. */
  long bytes() {
    return read.values().stream().flatMap(Deque::stream).mapToLong(ReadSupport::bytes).sum();
  }

  void forget(TaskSupport task) {
    Iterator<Map.Entry<SupportSlot, Deque<ReadSupport>>> each = read.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<SupportSlot, Deque<ReadSupport>> one = each.next();
      if (one.getKey().task() == task) {
        release(one.getValue());
        each.remove();
      }
    }
  }

  void clear() {
    read.values().forEach(ReadWindows::release);
    read.clear();
  }

  private static void release(Deque<ReadSupport> kept) {
    kept.forEach(ReadSupport::release);
  }
}
