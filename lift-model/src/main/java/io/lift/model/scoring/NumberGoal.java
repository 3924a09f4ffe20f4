package io.lift.model.scoring;

/**
 * When the distribution of an answer is resolved well enough.
 *
 * @param mass share of the probability that must be in narrow cells, 0..1
 * @param width cells of at most this width are narrow, in the target's unit
 * @param most prefixes of numbers that are expanded at most
 */
public record NumberGoal(double mass, double width, int most) {

  /** 99 % in cells of a two-hundredth of a range. */
  public static NumberGoal of(double min, double max) {
    return new NumberGoal(0.99, (max - min) / 200, 256);
  }
}
