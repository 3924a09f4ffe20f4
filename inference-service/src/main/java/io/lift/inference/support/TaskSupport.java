package io.lift.inference.support;

import io.lift.messages.Origin;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PromptOffset;
import io.lift.model.LabelledRowReader;
import io.lift.model.LabelledRowReader.LabelledRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The newest labelled rows of one task in one language, in the order of the log. Thread-safe. */
final class TaskSupport {
  /** Rows that are kept: more than a window has, for requests that have waited. */
  static final int CAPACITY = 8192;

  /** Times of the broker are compared with this margin. */
  private static final long CLOCK_MARGIN_MILLIS = 5_000;

  private static final long NEAR = 200; // offsets

  private static final double UNSEEN = 0.5; // rows that each answer counts as beforehand

  private final String task;
  private final String languageHash;
  private final LabelledRowReader reader;
  private final int answers;
  private final boolean lastValue;
  private final List<SupportRow> rows = new ArrayList<>();
  private final Map<String, SupportRow> byId = new HashMap<>();
  private final Map<Origin, Long> offsets = new HashMap<>();
  private final Map<Long, Long> replaced = new HashMap<>(); // offset → that of the newer value
  private int partition = -1;
  private long since; // offset
  private volatile long askedPlace = -NEAR;
  private volatile long askedAt;
  private volatile long firstAskedAt;

  /**
   * @param answers how many there are in the language
   * @param lastValue whether a row whose id comes again replaces the one before
   */
  TaskSupport(
      String task, String languageHash, LabelledRowReader reader, int answers, boolean lastValue) {
    this.task = task;
    this.languageHash = languageHash;
    this.reader = reader;
    this.answers = answers;
    this.lastValue = lastValue;
  }

  String task() {
    return task;
  }

  String languageHash() {
    return languageHash;
  }

  LabelledRowReader reader() {
    return reader;
  }

  /**
   * Whether somebody has asked for this task within so many nanoseconds, for a row near this place.
   * A backlog of requests is far behind it, and has no use for the newest rows.
   */
  boolean askedNear(long place, long nanos) {
    return place - askedPlace <= NEAR && System.nanoTime() - askedAt < nanos;
  }

  void asked(long place) {
    askedPlace = place;
    askedAt = System.nanoTime();
    if (firstAskedAt == 0) {
      firstAskedAt = askedAt;
    }
  }

  /** When somebody asked for the first time, {@link System#nanoTime()}. */
  long firstAskedAt() {
    return firstAskedAt;
  }

  /** Adds the row that is the next one in the log. */
  synchronized void add(int inPartition, SupportRow row) {
    if (!rows.isEmpty() && row.offset() <= rows.get(rows.size() - 1).offset()) {
      return; // read again
    }
    partition = inPartition;
    rows.add(row);
    SupportRow before = byId.put(row.id(), row);
    if (before != null && lastValue) {
      replaced.put(before.offset(), row.offset());
    }
    if (row.origin() != null) {
      offsets.put(row.origin(), row.offset());
    }
    if (rows.size() >= 2 * CAPACITY) {
      trim();
    }
    notifyAll();
  }

  private void trim() {
    List<SupportRow> old = rows.subList(0, rows.size() - CAPACITY);
    for (SupportRow row : old) {
      byId.remove(row.id(), row);
      offsets.remove(row.origin());
      replaced.remove(row.offset());
    }
    old.clear();
  }

  /** How many rows are kept. */
  synchronized int size() {
    return rows.size();
  }

  /** The place after the newest row. */
  synchronized long end() {
    return rows.isEmpty() ? 0 : rows.get(rows.size() - 1).offset() + 1;
  }

  /**
   * The place of a row that is a training example too: its own offset. If that has not been read
   * within the time, the place is after the newest row, which is before the row itself.
   *
   * @param origin of the row
   * @param at the broker's time of its request
   * @param deadline when to stop waiting, {@link System#nanoTime()}
   * @return empty if the row is older than what is kept
   */
  synchronized OptionalLong position(Origin origin, long at, long deadline)
      throws InterruptedException {
    while (true) {
      Long own = offsets.get(origin);
      if (own != null) {
        return OptionalLong.of(own);
      }
      if (!rows.isEmpty() && rows.get(rows.size() - 1).at() > at + CLOCK_MARGIN_MILLIS) {
        return OptionalLong.empty();
      }
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return OptionalLong.of(end());
      }
      wait(left);
    }
  }

  /**
   * Where a window ends for a row: see {@link SupportWindow#end}.
   *
   * @param position the place of the row that is answered
   * @param pace see {@link ReadingPace}
   * @return -1 if there are too few rows, or if a shorter window has the same ones
   */
  synchronized long end(SupportWindow window, long position, int pace) {
    long end = window.end(position, before(position), pace);
    return before(end) - before(start(end)) < window.least() ? -1 : end;
  }

  /**
   * The rows of a window, oldest first.
   *
   * @param end see {@link #end}
   * @return empty if too few are left of those whose id came again
   */
  synchronized List<SupportRow> rows(SupportWindow window, long end) {
    List<SupportRow> newest = newest(window.rows(), 0, end);
    return newest.size() < window.least() ? List.of() : newest;
  }

  /**
   * Leaves out the rows before a drift.
   *
   * @param from the first row that is kept
   * @return whether this changes anything
   */
  synchronized boolean shorten(PromptOffset from) {
    if (from == null || from.partition() != partition || from.offset() <= since) {
      return false;
    }
    since = from.offset();
    return true;
  }

  /**
   * The rows that an answer at a place is based on: the newest ones before it.
   *
   * @param from an offset from which on rows are used too
   */
  synchronized PredictionMessage.Support support(long from, long position) {
    int end = before(position);
    int first = Math.max(before(start(position)), end - SupportWindow.MOST_ROWS);
    long oldest = first < end ? Math.min(from, rows.get(first).offset()) : from;
    long to = end == 0 ? 0 : rows.get(end - 1).offset() + 1;
    long used =
        rows.subList(before(Math.max(oldest, start(position))), end).stream()
            .filter(row -> counts(row, position))
            .count();
    return new PredictionMessage.Support(partition, oldest, to, (int) used);
  }

  /** The offset from which on rows before an end are read; the drift's, once there are enough. */
  synchronized long start(long end) {
    return before(end) - before(since) < SupportWindow.LEAST_ROWS ? 0 : since;
  }

  /** Rows before an offset. */
  synchronized int before(long offset) {
    int low = 0;
    int high = rows.size();
    while (low < high) {
      int middle = (low + high) / 2;
      if (rows.get(middle).offset() < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The newest rows from one offset on to before another, oldest first. */
  synchronized List<LabelledRow> labelled(int most, long from, long end) {
    return newest(most, from, end).stream().map(SupportRow::row).toList();
  }

  /** All rows from one offset on to before another, those whose id came again among them. */
  synchronized List<LabelledRow> inOrder(long from, long end) {
    return from >= end
        ? List.of()
        : rows.subList(before(from), before(end)).stream().map(SupportRow::row).toList();
  }

  private List<SupportRow> newest(int most, long from, long end) {
    List<SupportRow> newest = new ArrayList<>();
    int first = before(Math.max(from, start(end)));
    for (int i = before(end) - 1; i >= first && newest.size() < most; i--) {
      SupportRow row = rows.get(i);
      if (counts(row, end)) {
        newest.add(row);
      }
    }
    Collections.reverse(newest);
    return newest;
  }

  /** Whether no newer value of the row's id comes before an offset. */
  private boolean counts(SupportRow row, long end) {
    return replaced.getOrDefault(row.offset(), Long.MAX_VALUE) >= end;
  }

  /** How often each answer occurs among the newest rows before a place; sums to 1. */
  synchronized double[] frequencies(int most, long position) {
    double[] counts = new double[answers];
    Arrays.fill(counts, UNSEEN);
    List<SupportRow> newest = newest(most, 0, position);
    newest.forEach(row -> counts[row.row().label()]++);
    double sum = newest.size() + UNSEEN * answers;
    for (int k = 0; k < answers; k++) {
      counts[k] /= sum;
    }
    return counts;
  }

  /** The partition of the task's examples; -1 before the first one. */
  synchronized int partition() {
    return partition;
  }
}
