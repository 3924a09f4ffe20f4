package io.lift.trainer.prompts;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a trainer that takes over a partition of {@code lift.prompts} has to read: the rows that are
 * in the window of a task, as ranges of offsets, and everything from one offset on. The metadata of
 * the group's committed offset is such a plan. A task that has been quiet for long therefore costs
 * its own rows, and not those of all other tasks since.
 *
 * <p>A range may hold rows that are in no window. A window takes such a row again only if it would
 * take it from the whole log.
 *
 * @param ranges ascending, not empty and not adjacent; each ends at {@code rest} or before it
 * @param rest the offset from which everything is to be read
 */
public record ReadingPlan(List<Range> ranges, long rest) {
  /** Gaps of fewer records are read: so many are on their way when a consumer seeks past them. */
  public static final long MIN_GAP = 2_000;

  /** The most ranges. With offsets of 12 digits, a plan has fewer than 1,000 characters. */
  static final int MAX_RANGES = 32;

  /**
   * A half-open range of offsets.
   *
   * @param from first offset
   * @param to offset after the last
   */
  public record Range(long from, long to) {}

  /** Copies the ranges. */
  public ReadingPlan {
    ranges = List.copyOf(ranges);
  }

  /** The plan to read everything from an offset on. */
  public static ReadingPlan from(long offset) {
    return new ReadingPlan(List.of(), offset);
  }

  /** Where reading begins. */
  public long start() {
    return next(0);
  }

  /** The first offset to read that is not before another one. */
  public long next(long offset) {
    if (offset < rest) {
      for (Range range : ranges) {
        if (offset < range.to()) {
          return Math.max(offset, range.from());
        }
      }
    }
    return Math.max(offset, rest);
  }

  /**
   * The plan of a trainer that has read a part of this one.
   *
   * @param handledTo the offset before which it has read what this plan says
   * @param windows its rows
   */
  public ReadingPlan after(long handledTo, Rows windows) {
    TreeMap<Long, Long> merged = new TreeMap<>(windows.before(handledTo));
    for (Range range : ranges) {
      long from = Math.max(range.from(), handledTo);
      if (from < range.to()) {
        merged.merge(from, range.to(), Math::max);
      }
    }
    return new ReadingPlan(covering(merged, MAX_RANGES), Math.max(handledTo, rest));
  }

  /** At most so many ranges that cover others; the smallest gaps are filled. */
  private static List<Range> covering(NavigableMap<Long, Long> parts, int most) {
    List<Range> ranges = merged(parts, MIN_GAP);
    if (ranges.size() > most) {
      List<Long> gaps = new ArrayList<>();
      for (int i = 1; i < ranges.size(); i++) {
        gaps.add(ranges.get(i).from() - ranges.get(i - 1).to());
      }
      gaps.sort(Comparator.reverseOrder());
      ranges = merged(parts, gaps.get(most - 1) + 1);
    }
    return ranges;
  }

  private static List<Range> merged(NavigableMap<Long, Long> parts, long minGap) {
    List<Range> ranges = new ArrayList<>();
    parts.forEach(
        (from, to) -> {
          int last = ranges.size() - 1;
          if (last >= 0 && from - ranges.get(last).to() < minGap) {
            Range before = ranges.get(last);
            ranges.set(last, new Range(before.from(), Math.max(before.to(), to)));
          } else {
            ranges.add(new Range(from, to));
          }
        });
    return ranges;
  }

  /** The plan as text: {@code from-to} of each range and {@code rest-}, with commas between. */
  public String encode() {
    StringBuilder text = new StringBuilder();
    ranges.forEach(range -> text.append(range.from()).append('-').append(range.to()).append(','));
    return text.append(rest).append('-').toString();
  }

  /** Reads what {@link #encode} wrote; empty for any other text. */
  public static Optional<ReadingPlan> decode(String text) {
    if (text == null || !text.matches("(\\d{1,18}-\\d{1,18},)*\\d{1,18}-")) {
      return Optional.empty();
    }
    String[] parts = text.split(",");
    List<Range> ranges = new ArrayList<>();
    long last = -1;
    for (String part : List.of(parts).subList(0, parts.length - 1)) {
      int dash = part.indexOf('-');
      Range range =
          new Range(
              Long.parseLong(part.substring(0, dash)), Long.parseLong(part.substring(dash + 1)));
      if (range.from() <= last || range.to() <= range.from()) {
        return Optional.empty();
      }
      last = range.to();
      ranges.add(range);
    }
    String end = parts[parts.length - 1];
    long rest = Long.parseLong(end.substring(0, end.length() - 1));
    return last > rest ? Optional.empty() : Optional.of(new ReadingPlan(ranges, rest));
  }

  /** Collects the offsets of rows, in ranges without gaps that are worth a seek. */
  public static final class Rows {
    private final TreeMap<Long, long[]> parts = new TreeMap<>(); // {from, to} by offset / MIN_GAP
    private long[] newest = {0, 0};
    private long part = -1;

    /** Adds the offset of a row; in any order, but fast for rows of one part in succession. */
    public void add(long offset) {
      if (part != offset / MIN_GAP) {
        part = offset / MIN_GAP;
        newest = parts.computeIfAbsent(part, any -> new long[] {offset, offset + 1});
      }
      newest[0] = Math.min(newest[0], offset);
      newest[1] = Math.max(newest[1], offset + 1);
    }

    /** Ends of the ranges by their beginnings, without what is at an offset or after it. */
    private NavigableMap<Long, Long> before(long offset) {
      TreeMap<Long, Long> ranges = new TreeMap<>();
      for (long[] range : parts.values()) {
        if (range[0] < offset) {
          ranges.put(range[0], Math.min(range[1], offset));
        }
      }
      return Collections.unmodifiableNavigableMap(ranges);
    }
  }
}
