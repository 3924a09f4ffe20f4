package io.lift.model;

/** Follows a round, may end it early and may cut it. */
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

  /**
   * Asked after each step: whether the round is to be cut. Of a round that is cut, only a few
   * closing steps follow, in which the learning rate falls to 0 and the fresh rows are read that
   * have not been yet. It is done then. A round is cut once; a checkpoint that is made after that
   * within the round does not continue it as it is.
   */
  default boolean cut() {
    return false;
  }
}
