package io.lift.trainer.round;

import io.lift.trainer.prompts.TaskWindow;

/** A task for which {@link RoundPlanner} decides when its next round is due. */
public interface RoundCandidate {

  /** Its rows. */
  TaskWindow window();

  /** When its rounds start. */
  RoundPolicy policy();

  /** Whether its lineage has a checkpoint, so that the next round is not the first. */
  boolean started();

  /** Whether a further round is due with the fresh rows that there are: a drift was detected. */
  default boolean dueNow() {
    return false;
  }

  /** Its weight where tasks share a trainer. */
  double priority();

  /** When its round was paused, epoch milliseconds; 0 if it has no paused round. */
  long pausedAt();

  /** The end of the rows of a round that failed, at which a newer row must be; 0 if none failed. */
  long failedTo();
}
