package io.lift.trainer.round;

import io.lift.trainer.publish.Claim;
import java.util.Optional;

/** What is decided and recorded about the running round. Each method is atomic. */
public interface RoundControl {

  /** What follows a step of a round. */
  enum Next {
    /** The round continues. */
    CONTINUE,
    /** Its time is used up, and rows of its task wait: only its closing steps follow. */
    CUT,
    /** Other work comes first: the round ends with a checkpoint, from which it goes on later. */
    PAUSE,
    /** The round has been cancelled. */
    STOP
  }

  /** An optimizer step is done. */
  Next step(Round round, int step, int steps, double loss);

  /**
   * What may be committed with the round's checkpoint; empty if the round has been cancelled or its
   * partition is lost. The round counts as being published from now on.
   */
  Optional<Claim> claim(Round round);

  /** The round has ended. */
  void complete(Round round, RoundOutcome outcome);
}
