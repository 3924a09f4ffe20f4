package io.lift.trainer.assignment;

import java.util.EnumSet;
import java.util.Set;

/**
 * The state of a task's training, from the assignment of its partition (or the creation of the
 * task) to its revocation (or the deletion of the task). {@link TaskTraining} holds it. A training
 * starts in {@link #WAITING}. These are all transitions and their causes:
 *
 * <p>{@link #WAITING} transitions to:
 *
 * <ul>
 *   <li>{@link #TRAINING}: a paused round goes on, a round is due by the policy, the buffer is
 *       full, or a retraining has passed and its ensemble joins in a round
 *   <li>{@link #RETRAINING}: no task is due, and this one has outgrown its ensemble or has a paused
 *       retraining
 *   <li>{@link #ROLLING_BACK}: there is an open rollback request
 * </ul>
 *
 * <p>{@link #FAILED} transitions to:
 *
 * <ul>
 *   <li>{@link #WAITING}: a newer row has come, or the task has another language
 *   <li>{@link #TRAINING}: the buffer is full, or a retraining has passed
 *   <li>{@link #RETRAINING}, {@link #ROLLING_BACK}: as from {@link #WAITING}
 * </ul>
 *
 * <p>{@link #TRAINING} transitions to:
 *
 * <ul>
 *   <li>{@link #PUBLISHING}: all steps are done, and the partition's offsets have been claimed
 *   <li>{@link #WAITING}: the round was paused for other work; or it was cancelled by a new version
 *       of the task, a rollback request or the end of the trainer; or its parent's file cannot be
 *       used or read; or it failed, and newer rows are there
 *   <li>{@link #FAILED}: the round failed, and no newer row is there; or it was cancelled after
 *       such a round
 * </ul>
 *
 * <p>{@link #PUBLISHING} transitions to:
 *
 * <ul>
 *   <li>{@link #WAITING}: the checkpoint is published; or the round was cancelled before the
 *       transaction; or the log says that the transaction was not committed
 *   <li>{@link #FAILED}: as from {@link #TRAINING}, where publishing ends with an unexpected error
 * </ul>
 *
 * <p>{@link #RETRAINING} transitions to:
 *
 * <ul>
 *   <li>{@link #WAITING} or, if the last round failed and no newer row is there, {@link #FAILED}:
 *       the slice has ended, because something else is due, all steps are done, or the retraining
 *       is void
 * </ul>
 *
 * <p>{@link #ROLLING_BACK} transitions to:
 *
 * <ul>
 *   <li>{@link #WAITING}: the earlier version is published again
 *   <li>{@link #WAITING} or {@link #FAILED}, as before: the request was rejected, or the broker
 *       does not answer
 * </ul>
 *
 * <p>Each of these states also transitions to:
 *
 * <ul>
 *   <li>{@link #RETIRED}: the task was deleted
 *   <li>{@link #REVOKED}: the partition was revoked or lost
 * </ul>
 *
 * <p>{@link #RETIRED} and {@link #REVOKED} have no transition. A task that is created again, or
 * whose partition is assigned again, begins another training. Whether a round is due is no state:
 * it depends on the clock and on the buffer, and {@link io.lift.trainer.round.RoundPlanner} says
 * so.
 */
enum TrainingState {
  /** Rows are read into the window; the training thread does something else or nothing. */
  WAITING,
  /** As {@link #WAITING}, after a round that failed and until a newer row comes. */
  FAILED,
  /** The training thread fine-tunes in a round of this task. */
  TRAINING,
  /** The round's checkpoint and the offsets are being published. */
  PUBLISHING,
  /** The training thread trains a new ensemble for this task in spare time. */
  RETRAINING,
  /** An earlier version is being published as the next one. */
  ROLLING_BACK,
  /** The task is deleted. */
  RETIRED,
  /** The partition is no longer assigned to this trainer. */
  REVOKED;

  private Set<TrainingState> next() {
    switch (this) {
      case WAITING:
        return EnumSet.of(TRAINING, RETRAINING, ROLLING_BACK, RETIRED, REVOKED);
      case FAILED:
        return EnumSet.of(WAITING, TRAINING, RETRAINING, ROLLING_BACK, RETIRED, REVOKED);
      case TRAINING:
        return EnumSet.of(PUBLISHING, WAITING, FAILED, RETIRED, REVOKED);
      case PUBLISHING, RETRAINING, ROLLING_BACK:
        return EnumSet.of(WAITING, FAILED, RETIRED, REVOKED);
      default:
        return EnumSet.noneOf(TrainingState.class);
    }
  }

  /**
   * Makes a transition.
   *
   * @return {@code next}
   * @throws IllegalStateException if there is no such transition
   */
  TrainingState to(TrainingState next) {
    if (!next().contains(next)) {
      throw new IllegalStateException("A task's training cannot go from " + this + " to " + next);
    }
    return next;
  }

  /** Whether the training thread does nothing for the task now and may begin something. */
  boolean resting() {
    return this == WAITING || this == FAILED;
  }

  /** Whether the training has ended. */
  boolean ended() {
    return this == RETIRED || this == REVOKED;
  }
}
