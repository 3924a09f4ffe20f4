package io.lift.inference.support;

import io.lift.inference.models.Leases;
import io.lift.model.LabelledRowReader;
import io.lift.model.LabelledRowReader.LabelledRow;
import io.lift.model.incontext.InContextReader;
import io.lift.model.incontext.RowContent;
import java.util.List;

/**
 * A window of labelled rows that the in-context model has read, or that trees were boosted on, with
 * a count of its leases. The last {@link #release} frees it.
 */
public final class ReadSupport {
  private final String predictor;
  private final long from;
  private final long end;
  private final long to;
  private final int rows;
  private final InContextReader.Context context;
  private final long bytes;
  private final Leases leases;

  private ReadSupport(
      SupportWindow window, long end, List<SupportRow> rows, InContextReader.Context context) {
    this.predictor = window.predictor();
    this.from = rows.get(0).offset();
    this.end = end;
    this.to = rows.get(rows.size() - 1).offset() + 1;
    this.rows = rows.size();
    this.context = context;
    this.bytes = context.bytes();
    this.leases = new Leases(context::close);
  }

  /**
   * @param end of the window
   * @param rows that it has, at least one, oldest first
   */
  static ReadSupport of(
      SupportWindow window, long end, LabelledRowReader reader, List<SupportRow> rows) {
    List<LabelledRow> labelled = rows.stream().map(SupportRow::row).toList();
    return new ReadSupport(
        window, end, rows, window.boosted() ? reader.boost(labelled) : reader.read(labelled));
  }

  /** The name of the predictor. */
  public String predictor() {
    return predictor;
  }

  /** The end of the window, see {@link SupportWindow#end}. */
  long end() {
    return end;
  }

  /** Offset of the oldest row. */
  public long from() {
    return from;
  }

  /** The first offset after the newest row. */
  public long to() {
    return to;
  }

  /** How many rows there are. */
  public int rows() {
    return rows;
  }

  /**
   * Answers rows.
   *
   * @param queries their cells and texts
   * @return (rows, candidates), each row summing to 1
   */
  public double[][] probabilities(List<RowContent> queries) {
    return context.probabilities(queries);
  }

  long bytes() {
    return bytes;
  }

  /** Takes a lease; false if it has been freed. */
  boolean acquire() {
    return leases.acquire();
  }

  /** Takes one more lease; the caller must hold one. */
  void retain() {
    leases.retain();
  }

  /** Gives a lease back. */
  public void release() {
    leases.release();
  }
}
