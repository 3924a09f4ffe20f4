package io.lift.trainer.round;

import io.lift.trainer.publish.Claim;
import java.util.Optional;

/** What is decided and recorded about the running round. Each method is atomic. */
public interface RoundControl {

  /**
   * An optimizer step is done.
   *
   * @return false if the round has been cancelled and is to stop
   */
  boolean step(Round round, int step, int steps, double loss);

  /**
   * What may be committed with the round's checkpoint; empty if the round has been cancelled or its
   * partition is lost. The round counts as being published from now on.
   */
  Optional<Claim> claim(Round round);

  /** The round has ended. */
  void complete(Round round, RoundOutcome outcome);
}
