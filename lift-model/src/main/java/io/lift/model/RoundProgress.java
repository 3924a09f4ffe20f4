package io.lift.model;

/** Follows a round and may end it early. */
@FunctionalInterface
public interface RoundProgress {
  /**
   * Called after each optimizer step.
   *
   * @param step steps done in this round
   * @param steps steps planned for this round
   * @param loss training loss of this step, in nats per completion token
   * @return false to end the round after this step; the round then counts as not done
   */
  boolean after(int step, int steps, double loss);
}
