package io.lift.core.table;

import io.lift.core.row.RejectReason;
import io.lift.core.row.Row;
import io.lift.core.row.RowParser;
import io.lift.core.row.RowRejectedException;
import io.lift.core.task.TaskSpec;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Counts the rows that the serializer refuses or that have nothing to learn. Not thread-safe. */
public final class RefusedRows {
  private final RowParser parser;
  private final String target;
  private final boolean lateLabels;
  private final Map<RejectReason, Integer> counts = new EnumMap<>(RejectReason.class);
  private long firstRow;
  private String firstReason;

  /**
   * @param lateLabels whether a target alone is the label of an earlier row, and of use
   */
  public RefusedRows(TaskSpec task, boolean lateLabels) {
    this.lateLabels = lateLabels;
    parser = new RowParser(task);
    target = task.target().name();
  }

  /**
   * Whether a row is of no use.
   *
   * @param number of the row, from 1
   * @param json the row
   * @param needsTarget whether a row without its target is of no use
   */
  public boolean refuses(long number, byte[] json, boolean needsTarget) {
    try {
      Row row = parser.parse(json);
      if (row.labelOnly() && !lateLabels) {
        count(number, RejectReason.NO_FEATURES, "The row has no feature.");
        return true;
      }
      if (needsTarget && row.target() == null) {
        count(number, RejectReason.MISSING_TARGET, "The row has no " + target + ".");
        return true;
      }
      return false;
    } catch (RowRejectedException e) {
      count(number, e.reason(), e.getMessage());
      return true;
    }
  }

  private void count(long number, RejectReason reason, String message) {
    counts.merge(reason, 1, Integer::sum);
    if (firstReason == null) {
      firstRow = number;
      firstReason = message;
    }
  }

  /** How many rows are of no use. */
  public int count() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /**
   * Why, e.g. {@code 2 not-finite, 1 no-features; the first is row 66: Column 'ratio' needs a
   * finite number, not 'inf'.}
   */
  public String reasons() {
    String all =
        counts.entrySet().stream()
            .map(reason -> reason.getValue() + " " + reason.getKey().code())
            .collect(Collectors.joining(", "));
    return "%s; the first is row %,d: %s".formatted(all, firstRow, firstReason);
  }
}
