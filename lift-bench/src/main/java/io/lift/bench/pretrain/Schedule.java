package io.lift.bench.pretrain;

/**
 * The learning rates: up, level, and down to zero at the end. As long as they are level, a
 * pretraining can go on with more steps than were planned as if they had been planned.
 *
 * @param steps in all
 */
record Schedule(long steps) {
  private static final double MUON = 4e-3;
  private static final double ADAM = 2e-3;
  private static final int WARMUP = 100;

  /** Share of the steps in which the rates fall. */
  private static final double FALLING = 0.2;

  double muonRate(long step) {
    return MUON * share(step);
  }

  double adamRate(long step) {
    return ADAM * share(step);
  }

  private double share(long step) {
    double left = (steps - step) / (FALLING * steps);
    return Math.min(1, Math.min((step + 1.0) / WARMUP, left));
  }
}
