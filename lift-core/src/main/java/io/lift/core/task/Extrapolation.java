package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * How the answers of a regression go on beyond the rows that the task was made from. A trend that
 * goes on is a linear part beside the grid: the grid then holds what the linear part leaves over.
 * Beyond the values that were seen, intervals widen. All numbers are on the scales of their
 * columns.
 *
 * @param intercept of the linear part; 0 if there is none
 * @param terms the columns with a slope or a doubt
 * @param residual what the linear part leaves over of the targets; null if there is no linear part
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Extrapolation(double intercept, List<Term> terms, Residual residual) {
  /** Half of an interval of 90 %, in standard deviations. */
  private static final double QUANTILE = 1.6449;

  public Extrapolation {
    terms = terms == null ? List.of() : List.copyOf(terms);
  }

  /**
   * One column.
   *
   * @param column name of a feature of numbers
   * @param slope change of the target with the column in the linear part; 0 if it is not part of it
   * @param doubt standard deviation of the change of the target for each unit beyond the values
   *     that were seen
   */
  public record Term(String column, double slope, double doubt) {
    private boolean isValid() {
      return column != null && Double.isFinite(slope) && Double.isFinite(doubt) && doubt >= 0;
    }
  }

  /** Statistics of what the linear part leaves over of the targets, as in {@link NumberStats}. */
  public record Residual(double mean, double deviation, double min, double max) {
    private boolean isValid() {
      return Double.isFinite(mean)
          && Double.isFinite(deviation)
          && deviation >= 0
          && Double.isFinite(min)
          && Double.isFinite(max)
          && min <= max;
    }
  }

  /**
   * Where one row is, on the target's scale.
   *
   * @param offset the linear part of its answer; 0 if there is none
   * @param spread standard deviation that its distance from what was seen adds to its answer
   */
  public record Point(double offset, double spread) {

    /** The half of an interval of 90 % with the doubt of this row in it. */
    public double widened(double half) {
      return Math.hypot(half, QUANTILE * spread);
    }
  }

  /**
   * Whether all numbers are finite, doubts and deviation not negative, and min is not above max.
   */
  boolean isValid() {
    return Double.isFinite(intercept)
        && terms.stream().allMatch(Term::isValid)
        && (residual == null || residual.isValid());
  }

  /** Whether there is a linear part. */
  public boolean follows() {
    return residual != null;
  }

  /**
   * Where a row is.
   *
   * @param features the columns of the task
   * @param values of the row, by column
   */
  public Point of(Map<String, NumberStats> features, Map<String, Object> values) {
    double offset = intercept;
    double squares = 0;
    for (Term term : terms) {
      NumberStats stats = features.get(term.column());
      if (stats == null) {
        continue;
      }
      boolean present = values.get(term.column()) instanceof Double;
      double place = stats.place(present ? (Double) values.get(term.column()) : stats.mean());
      offset += term.slope() * place;
      if (present) {
        squares += Math.pow(term.doubt() * stats.beyond(place), 2);
      }
    }
    return new Point(offset, Math.sqrt(squares));
  }
}
