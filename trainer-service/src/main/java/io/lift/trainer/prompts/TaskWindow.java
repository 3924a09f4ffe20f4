package io.lift.trainer.prompts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The rows of one task that this trainer holds, in the order of the log: first the rehearsed rows,
 * which a checkpoint was trained on, then the fresh ones. One offset separates them, so a row is
 * fresh in exactly one round however often the log is read again. Not thread-safe.
 *
 * <p>A row whose id is in the window replaces the earlier one. If it says the same, it changes
 * nothing: a producer that sends again, or a topic that is read again, teaches nothing twice.
 */
public final class TaskWindow {

  /** What became of a row. */
  public enum Added {
    /** It is a row of the window. */
    NEW,
    /** It has taken the place of an earlier row of its id. */
    REPLACED,
    /** The window has the same row already. */
    DUPLICATE,
    /** It is older than the window, or was taken before. */
    OUTSIDE
  }

  private final NavigableMap<Long, WindowRow> rehearsed = new TreeMap<>(); // by offset
  private final NavigableMap<Long, WindowRow> fresh = new TreeMap<>(); // by offset
  private final Map<String, Long> newest = new HashMap<>(); // offset by id
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
   * @param distinct whether an id counts once
   */
  public Added add(WindowRow row, boolean distinct) {
    if (row.offset() < next) {
      return Added.OUTSIDE;
    }
    next = row.offset() + 1;
    WindowRow earlier = distinct ? earlier(row.id()) : null;
    if (earlier != null && earlier.teachesAs(row)) {
      return Added.DUPLICATE;
    }
    if (earlier != null) {
      rehearsed.remove(earlier.offset());
      fresh.remove(earlier.offset());
    }
    (row.offset() < trainedTo ? rehearsed : fresh).put(row.offset(), row);
    if (row.id() != null) {
      newest.put(row.id(), row.offset());
    }
    return earlier == null ? Added.NEW : Added.REPLACED;
  }

  private WindowRow earlier(String id) {
    Long offset = id == null ? null : newest.get(id);
    if (offset == null) {
      return null;
    }
    WindowRow row = fresh.get(offset);
    return row == null ? rehearsed.get(offset) : row;
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
    return fresh.isEmpty() ? null : fresh.firstEntry().getValue();
  }

  /** The newest fresh row; null if there is none. */
  public WindowRow newestFresh() {
    return fresh.isEmpty() ? null : fresh.lastEntry().getValue();
  }

  /** Offset of the first fresh row from an offset on; {@link Long#MAX_VALUE} if there is none. */
  public long firstFreshFrom(long offset) {
    Long first = fresh.ceilingKey(offset);
    return first == null ? Long.MAX_VALUE : first;
  }

  /** Adds the offsets of the rows from one offset on. */
  public void offsetsFrom(long from, ReadingPlan.Rows rows) {
    rehearsed.tailMap(from, true).keySet().forEach(rows::add);
    fresh.tailMap(from, true).keySet().forEach(rows::add);
  }

  /** The rows of a round that starts now. */
  public RoundRows rows() {
    return new RoundRows(
        new ArrayList<>(fresh.values()), new ArrayList<>(rehearsed.values()), fresh.size());
  }

  /** The rows of a round whose weights were trained only on the rows before an offset. */
  public RoundRows rowsFrom(long offset) {
    List<WindowRow> after = new ArrayList<>(rehearsed.tailMap(offset, true).values());
    after.addAll(fresh.values());
    return new RoundRows(
        after, new ArrayList<>(rehearsed.headMap(offset, false).values()), fresh.size());
  }

  /** The rehearsed row at an index, counted from the oldest. */
  public WindowRow rehearsedAt(int index) {
    return rehearsed.values().stream().skip(index).findFirst().orElseThrow();
  }

  /**
   * Where the window would begin if the fresh rows before {@code to} were trained on and only the
   * newest {@code size} rows kept; {@link #trained} does so.
   */
  public long fromAfter(long to, int size) {
    long drop = (long) rehearsed.size() + fresh.headMap(to, false).size() - size;
    for (NavigableMap<Long, WindowRow> rows : List.of(rehearsed, fresh)) {
      for (long offset : rows.keySet()) {
        if (drop-- <= 0) {
          return offset;
        }
      }
    }
    return to;
  }

  /** Fresh rows before {@code to} become rehearsed; all but the newest {@code size} are dropped. */
  public void trained(long to, int size) {
    trainedTo = to;
    NavigableMap<Long, WindowRow> entered = fresh.headMap(to, false);
    rehearsed.putAll(entered);
    entered.clear();
    trim(size);
  }

  /** Every row of the window becomes fresh again, because a new lineage begins. */
  public void untrain() {
    trainedTo = 0;
    fresh.putAll(rehearsed);
    rehearsed.clear();
  }

  /** Drops the oldest rehearsed rows beyond {@code size}; a fresh row is never dropped. */
  public void trim(int size) {
    while (rehearsed.size() > size) {
      WindowRow dropped = rehearsed.pollFirstEntry().getValue();
      if (dropped.id() != null) {
        newest.remove(dropped.id(), dropped.offset());
      }
    }
  }
}
