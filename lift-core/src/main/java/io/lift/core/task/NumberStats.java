package io.lift.core.task;

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
 */
public record NumberStats(
    long count, double mean, double deviation, double min, double max, int decimals) {

  /** Whether all values are whole numbers. */
  public boolean whole() {
    return decimals == 0;
  }
}
