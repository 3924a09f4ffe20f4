package io.lift.trainer.round;

import io.lift.core.task.TrainingPolicy;

/**
 * When rounds of a task start and how many rows they rehearse.
 *
 * @param window rows rehearsed at most
 * @param firstRound rows needed for the first round
 * @param waitForFirst whether exactly {@code firstRound} rows must be there; otherwise {@link
 *     #FEW_ROWS} are enough once the oldest has waited
 * @param roundRows fresh rows that start a further round at once
 * @param roundMillis age of the oldest fresh row that starts a round with fewer
 */
public record RoundPolicy(
    int window, int firstRound, boolean waitForFirst, int roundRows, long roundMillis) {
  /** The smallest first round when nothing says how many rows to wait for. */
  public static final int FEW_ROWS = 8;

  /**
   * The policy of a task, with {@code defaults} where it leaves things open and a window of at most
   * {@code maxWindow}.
   */
  public static RoundPolicy of(TrainingPolicy policy, RoundPolicy defaults, int maxWindow) {
    int window = policy.window() == null ? defaults.window : policy.window();
    return new RoundPolicy(
        window <= 0 ? maxWindow : Math.min(window, maxWindow),
        Math.max(1, policy.firstRound() == null ? defaults.firstRound : policy.firstRound()),
        policy.firstRound() != null,
        Math.max(1, policy.roundRows() == null ? defaults.roundRows : policy.roundRows()),
        policy.roundSeconds() == null
            ? defaults.roundMillis
            : Math.round(1000 * Math.max(0, policy.roundSeconds())));
  }
}
