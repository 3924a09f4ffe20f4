package io.lift.core.metrics;

import io.lift.core.answer.Answer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Incremental metrics of answered rows with a numeric truth. {@linkplain #rolling() Rolling}
 * metrics can remove rows and keep the truths of all counted rows. A {@linkplain #total() total}
 * only grows, in bounded memory. Not thread-safe.
 *
 * <p>The baseline of RAE and R² answers every row with the mean of the counted truths. Both are
 * absent while all truths are the same. In a total of more than 512 distinct truths, the distances
 * from the mean (for RAE) are approximate, to a fraction of a percent.
 */
public final class RegressionMetrics {
  private final boolean total;
  private final Truths truths;
  private final CompensatedSum absolute = new CompensatedSum();
  private final CompensatedSum squared = new CompensatedSum();
  private final CompensatedSum widths = new CompensatedSum();
  private final RelativeErrors relative = new RelativeErrors();
  private long count;
  private long covered;
  private long intervals;

  private RegressionMetrics(boolean total) {
    this.total = total;
    truths = new Truths(total);
  }

  /** Metrics of a window of rows. */
  public static RegressionMetrics rolling() {
    return new RegressionMetrics(false);
  }

  /** Metrics of all rows of a stream. */
  public static RegressionMetrics total() {
    return new RegressionMetrics(true);
  }

  /**
   * Adds a row.
   *
   * @param truth a finite number
   */
  public void add(double truth, Answer answer) {
    update(truth, answer, 1);
    truths.add(truth);
  }

  /**
   * Removes a row that was added with the same arguments.
   *
   * @throws IllegalStateException for a total
   */
  public void remove(double truth, Answer answer) {
    truths.remove(truth);
    update(truth, answer, -1);
  }

  private void update(double truth, Answer answer, int sign) {
    double error = answer.value() - truth;
    count += sign;
    absolute.add(sign * Math.abs(error));
    squared.add(sign * error * error);
    relative.add(truth, answer.value(), sign);
    Answer.Interval interval = answer.interval();
    if (interval != null) {
      intervals += sign;
      covered += interval.lower() <= truth && truth <= interval.upper() ? sign : 0;
      widths.add(sign * (interval.upper() - interval.lower()));
    }
  }

  /** The number of rows. */
  public long count() {
    return count;
  }

  /** The metrics by {@link MetricNames}; only the count if there is no row. */
  public Map<String, Double> values() {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(MetricNames.COUNT, (double) count);
    if (count > 0) {
      values.put(MetricNames.RMSE, Math.sqrt(Math.max(0, squared.value()) / count));
      values.put(MetricNames.MAE, Math.max(0, absolute.value()) / count);
      double distances = truths.distances();
      double squares = truths.squares();
      if (distances > 0 && squares > 0) {
        values.put(MetricNames.RAE, absolute.value() / distances);
        values.put(MetricNames.R2, 1 - squared.value() / squares);
      }
    }
    Double median = relative.median();
    if (median != null) {
      values.put(MetricNames.MEDIAN_RELATIVE_ERROR, median);
    }
    if (intervals > 0) {
      values.put(MetricNames.COVERAGE, (double) covered / intervals);
      values.put(MetricNames.INTERVAL_WIDTH, Math.max(0, widths.value()) / intervals);
    }
    return values;
  }

  /** The state for a restart. */
  public State state() {
    return new State(
        total,
        count,
        absolute.value(),
        squared.value(),
        covered,
        intervals,
        widths.value(),
        truths.values(),
        truths.sizes(),
        truths.within(),
        relative.state());
  }

  /** Continues from a state. */
  public static RegressionMetrics of(State state) {
    RegressionMetrics metrics = new RegressionMetrics(state.total());
    metrics.count = state.count();
    metrics.absolute.reset(state.absolute());
    metrics.squared.reset(state.squared());
    metrics.covered = state.covered();
    metrics.intervals = state.intervals();
    metrics.widths.reset(state.widths());
    metrics.relative.reset(state.relative() == null ? Map.of() : state.relative());
    metrics.truths.reset(state.truths(), state.sizes(), state.within());
    return metrics;
  }

  /**
   * The sums behind the metrics, as plain data for a state store.
   *
   * @param total whether rows are never removed
   * @param count number of rows
   * @param absolute sum of absolute errors
   * @param squared sum of squared errors
   * @param covered truths inside their interval
   * @param intervals answers that had an interval
   * @param widths sum of the intervals' widths
   * @param truths distinct truths, or means of groups of truths, ascending
   * @param sizes number of rows of each
   * @param within sum of squares within the groups
   * @param relative rows by the size of their relative error; null if an earlier version of Lift
   *     stored the state
   */
  public record State(
      boolean total,
      long count,
      double absolute,
      double squared,
      long covered,
      long intervals,
      double widths,
      double[] truths,
      long[] sizes,
      double within,
      Map<Integer, Long> relative) {}
}
