package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Statistics of a number column. They are frozen when the task is created, so that a value is
 * always rendered the same way.
 *
 * @param count number of finite values
 * @param mean arithmetic mean
 * @param deviation population standard deviation; 0 for a constant column
 * @param min smallest finite value
 * @param max largest finite value
 * @param decimals fewest digits after the point that keep distinct values distinct, 0..12
 * @param scale the scale of values that differ by orders of magnitude; null for the plain one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NumberStats(
    long count,
    double mean,
    double deviation,
    double min,
    double max,
    int decimals,
    NumberScale scale) {

  /** Statistics of values on the plain scale. */
  public NumberStats(
      long count, double mean, double deviation, double min, double max, int decimals) {
    this(count, mean, deviation, min, max, decimals, null);
  }

  /** Where a value stands on the column's scale. */
  public double place(double value) {
    return scale == null ? value : scale.of(value);
  }

  /** The value that stands at a place on the column's scale. */
  public double at(double place) {
    return scale == null ? place : scale.value(place);
  }

  /**
   * How far a place on the scale is beyond the smallest or largest value; 0 between them.
   *
   * @param place as of {@link #place}
   */
  public double beyond(double place) {
    return Math.max(0, Math.max(place - place(max), place(min) - place));
  }

  /** The distance from the smallest to the largest value on the scale. */
  public double range() {
    return place(max) - place(min);
  }

  /** Whether all values are whole numbers. */
  public boolean whole() {
    return decimals == 0;
  }
}
