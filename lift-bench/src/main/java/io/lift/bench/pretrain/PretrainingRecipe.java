package io.lift.bench.pretrain;

import io.lift.model.training.OptimizerSettings;

/**
 * The numbers of a pretraining.
 *
 * @param steps in all
 * @param rows that a step reads, about
 * @param seed of every random choice
 */
record PretrainingRecipe(long steps, int rows, long seed) {
  /** Rows that a step reads by default. */
  static final int ROWS = 2048;

  private static final double PEAK = 2e-3;
  private static final int WARMUP = 100;

  /** Share of the steps in which the learning rate falls. */
  private static final double FALLING = 0.25;

  OptimizerSettings optimizer() {
    return new OptimizerSettings(
        PEAK, PEAK, WARMUP, OptimizerSettings.Decay.LINEAR, 0.01, 0.9, 0.98, 1e-8, 1);
  }

  /**
   * The learning rate: up, level, and in a straight line down at the end. As long as it is level, a
   * pretraining can be stopped and go on with more steps than were planned, and is the same as if
   * they had been planned.
   */
  double rate(long step) {
    double left = (steps - step) / (FALLING * steps);
    return PEAK * Math.min(1, Math.min((step + 1.0) / WARMUP, left));
  }
}
