package io.lift.core.task;

/**
 * The scale of a column whose values differ by orders of magnitude, on which small values are told
 * apart as well as large ones. A value x stands at {@code asinh((x - center) / unit)}: a line near
 * the center, and a logarithm far from it on either side.
 *
 * @param center the value at 0
 * @param unit distance from the center at which the line becomes a logarithm, above 0
 * @param mean mean of the values on the scale
 * @param deviation population standard deviation of the values on the scale
 */
public record NumberScale(double center, double unit, double mean, double deviation) {

  /** Whether all numbers are finite, the unit is above 0 and the deviation is not below it. */
  boolean isValid() {
    return Double.isFinite(center)
        && Double.isFinite(unit)
        && unit > 0
        && Double.isFinite(mean)
        && Double.isFinite(deviation)
        && deviation >= 0;
  }

  /** Where a value stands. */
  public double of(double value) {
    double ratio = (value - center) / unit;
    double size = Math.abs(ratio);
    return Math.copySign(Math.log(size + Math.hypot(size, 1)), ratio);
  }

  /** The value that stands at a place. */
  public double value(double place) {
    return center + unit * Math.sinh(place);
  }
}
