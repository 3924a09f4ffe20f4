package io.lift.trainer.round;

import java.time.Duration;

/**
 * How tasks share the one thread that trains. Pure.
 *
 * <p>A round may train for half of the time that a checkpoint may age, times its task's share of
 * the priorities of all tasks that have work, less what a round takes beside its steps. A round
 * that has used this time is cut if rows of its task have come behind it, and otherwise makes room
 * for other tasks. The other half of the time is for the rows of a round to wait, and for what was
 * estimated wrongly.
 *
 * @param checkpointAge how old the checkpoint of a task may become while rows come
 * @param pausedRounds rounds that may be paused at once; each is a checkpoint with the state of its
 *     optimizer in memory
 */
public record RoundSharing(Duration checkpointAge, int pausedRounds) {
  /** A slice of training is at least so long, in seconds: to go on with a round takes time too. */
  public static final double LEAST_SLICE = 1;

  /** A round trains at least for so long before it is cut, in seconds. */
  static final double LEAST_TRAINING = 0.2;

  private static final double TRAINED_SHARE_OF_AGE = 0.5;

  /**
   * Seconds that a round may train, its closing steps included.
   *
   * @param share of its task in the priorities of all tasks with work, 0 to 1
   * @param beside seconds that a round takes beside its steps: reading rows, fitting the weights,
   *     publishing
   */
  public double trainingSeconds(double share, double beside) {
    double all = TRAINED_SHARE_OF_AGE * checkpointAge.toMillis() / 1000 * share;
    return Math.max(LEAST_TRAINING, all - beside);
  }

  /**
   * Seconds after which a round makes room for other tasks that wait.
   *
   * @param share as for {@link #trainingSeconds}
   */
  public double sliceSeconds(double share) {
    return Math.max(LEAST_SLICE, TRAINED_SHARE_OF_AGE * checkpointAge.toMillis() / 1000 * share);
  }
}
