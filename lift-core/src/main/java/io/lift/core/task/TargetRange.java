package io.lift.core.task;

/**
 * The range in which answers to a task's rows can lie. Where no target is below zero, no answer and
 * no interval is; and likewise above.
 *
 * @param lower 0 or minus infinity
 * @param upper 0 or infinity
 */
public record TargetRange(double lower, double upper) {
  /** The range of all numbers. */
  public static final TargetRange ALL =
      new TargetRange(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  /** The range of a task's target. */
  public static TargetRange of(TaskSpec task) {
    return task.type() == TaskType.REGRESSION ? of(task.target().numbers()) : ALL;
  }

  /** The range of a target with these statistics. */
  public static TargetRange of(NumberStats stats) {
    return new TargetRange(
        stats.min() >= 0 ? 0 : Double.NEGATIVE_INFINITY,
        stats.max() <= 0 && stats.min() < 0 ? 0 : Double.POSITIVE_INFINITY);
  }

  /** The nearest value in the range. */
  public double clip(double value) {
    return Math.max(lower, Math.min(upper, value));
  }
}
