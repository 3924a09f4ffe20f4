package io.lift.trainer.training;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The rows of one task that this trainer holds, in the order of the log: first those that a
 * checkpoint has already seen (rehearsed), then the fresh ones. Which is which is decided by one
 * offset, so that a row is fresh in exactly one round however often the log is read again. Not
 * thread-safe.
 */
final class TaskWindow {
  private final Deque<WindowRow> rehearsed = new ArrayDeque<>();
  private final Deque<WindowRow> fresh = new ArrayDeque<>();
  private final long from;
  private long trainedTo;
  private long next;

  /**
   * @param from rows before this offset have left the window for good
   * @param trainedTo rows before this offset are rehearsed, the others fresh
   */
  TaskWindow(long from, long trainedTo) {
    this.from = from;
    this.trainedTo = trainedTo;
    this.next = from;
  }

  /**
   * Takes the next row of the log.
   *
   * @return false if the row is older than the window or was taken before
   */
  boolean add(WindowRow row) {
    if (row.offset() < next) {
      return false;
    }
    next = row.offset() + 1;
    (row.offset() < trainedTo ? rehearsed : fresh).addLast(row);
    return true;
  }

  int fresh() {
    return fresh.size();
  }

  int rehearsed() {
    return rehearsed.size();
  }

  WindowRow oldestFresh() {
    return fresh.peekFirst();
  }

  WindowRow newestFresh() {
    return fresh.peekLast();
  }

  /** Offset of the first fresh row from an offset on; {@link Long#MAX_VALUE} if there is none. */
  long firstFreshFrom(long offset) {
    return fresh.stream()
        .mapToLong(WindowRow::offset)
        .filter(at -> at >= offset)
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }

  /** The rows as they are. */
  RoundRows rows() {
    return new RoundRows(new ArrayList<>(fresh), new ArrayList<>(rehearsed), fresh.size());
  }

  /** The rows for weights that have learnt those before an offset only. */
  RoundRows rowsFrom(long offset) {
    List<WindowRow> learnt = new ArrayList<>();
    List<WindowRow> unlearnt = new ArrayList<>();
    rehearsed.forEach(row -> (row.offset() < offset ? learnt : unlearnt).add(row));
    unlearnt.addAll(fresh);
    return new RoundRows(unlearnt, learnt, fresh.size());
  }

  /** A rehearsed row, counted from the oldest. */
  WindowRow rehearsedAt(int index) {
    return rehearsed.stream().skip(index).findFirst().orElseThrow();
  }

  /**
   * Where the window would begin if the fresh rows before {@code to} were trained on and only the
   * newest {@code size} rows kept; what {@link #trained} makes true.
   */
  long fromAfter(long to, int size) {
    long drop = rehearsed.size() + count(to) - size;
    for (Deque<WindowRow> rows : List.of(rehearsed, fresh)) {
      for (WindowRow row : rows) {
        if (drop-- <= 0) {
          return row.offset();
        }
      }
    }
    return to;
  }

  /** Fresh rows before {@code to} become rehearsed; all but the newest {@code size} are dropped. */
  void trained(long to, int size) {
    trainedTo = to;
    while (!fresh.isEmpty() && fresh.peekFirst().offset() < to) {
      rehearsed.addLast(fresh.removeFirst());
    }
    trim(size);
  }

  /** Every row of the window becomes fresh again: a new lineage begins. */
  void untrain() {
    trainedTo = 0;
    while (!rehearsed.isEmpty()) {
      fresh.addFirst(rehearsed.removeLast());
    }
  }

  /** Drops the oldest rehearsed rows beyond {@code size}; a fresh row is never dropped. */
  void trim(int size) {
    while (rehearsed.size() > size) {
      rehearsed.removeFirst();
    }
  }

  private long count(long to) {
    return fresh.stream().takeWhile(row -> row.offset() < to).count();
  }
}
