package io.lift.trainer.prompts;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The rows of one task that this trainer holds, in the order of the log: first the rehearsed rows,
 * which a checkpoint was trained on, then the fresh ones. One offset separates them, so a row is
 * fresh in exactly one round however often the log is read again. Not thread-safe.
 */
public final class TaskWindow {
  private final Deque<WindowRow> rehearsed = new ArrayDeque<>();
  private final Deque<WindowRow> fresh = new ArrayDeque<>();
  private long trainedTo;
  private long next;

  /**
   * @param from rows before this offset have left the window
   * @param trainedTo rows before this offset are rehearsed, the others fresh
   */
  public TaskWindow(long from, long trainedTo) {
    this.trainedTo = trainedTo;
    this.next = from;
  }

  /**
   * Takes the next row of the log.
   *
   * @return false if the row is older than the window or was taken before
   */
  public boolean add(WindowRow row) {
    if (row.offset() < next) {
      return false;
    }
    next = row.offset() + 1;
    (row.offset() < trainedTo ? rehearsed : fresh).addLast(row);
    return true;
  }

  /** How many rows are fresh. */
  public int fresh() {
    return fresh.size();
  }

  /** How many rows are rehearsed. */
  public int rehearsed() {
    return rehearsed.size();
  }

  /** The oldest fresh row; null if there is none. */
  public WindowRow oldestFresh() {
    return fresh.peekFirst();
  }

  /** The newest fresh row; null if there is none. */
  public WindowRow newestFresh() {
    return fresh.peekLast();
  }

  /** Offset of the first fresh row from an offset on; {@link Long#MAX_VALUE} if there is none. */
  public long firstFreshFrom(long offset) {
    return fresh.stream()
        .mapToLong(WindowRow::offset)
        .filter(at -> at >= offset)
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }

  /** The rows of a round that starts now. */
  public RoundRows rows() {
    return new RoundRows(new ArrayList<>(fresh), new ArrayList<>(rehearsed), fresh.size());
  }

  /** The rows of a round whose weights were trained only on the rows before an offset. */
  public RoundRows rowsFrom(long offset) {
    List<WindowRow> before = new ArrayList<>();
    List<WindowRow> after = new ArrayList<>();
    rehearsed.forEach(row -> (row.offset() < offset ? before : after).add(row));
    after.addAll(fresh);
    return new RoundRows(after, before, fresh.size());
  }

  /** The rehearsed row at an index, counted from the oldest. */
  public WindowRow rehearsedAt(int index) {
    return rehearsed.stream().skip(index).findFirst().orElseThrow();
  }

  /**
   * Where the window would begin if the fresh rows before {@code to} were trained on and only the
   * newest {@code size} rows kept; {@link #trained} does so.
   */
  public long fromAfter(long to, int size) {
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
  public void trained(long to, int size) {
    trainedTo = to;
    while (!fresh.isEmpty() && fresh.peekFirst().offset() < to) {
      rehearsed.addLast(fresh.removeFirst());
    }
    trim(size);
  }

  /** Every row of the window becomes fresh again, because a new lineage begins. */
  public void untrain() {
    trainedTo = 0;
    while (!rehearsed.isEmpty()) {
      fresh.addFirst(rehearsed.removeLast());
    }
  }

  /** Drops the oldest rehearsed rows beyond {@code size}; a fresh row is never dropped. */
  public void trim(int size) {
    while (rehearsed.size() > size) {
      rehearsed.removeFirst();
    }
  }

  private long count(long to) {
    return fresh.stream().takeWhile(row -> row.offset() < to).count();
  }
}
