package io.lift.trainer.retrain;

import java.util.Optional;

/** What is decided and recorded about a retraining. Each method is atomic. */
public interface RetrainingControl {

  /** What follows a step of a slice. */
  enum Next {
    /** The slice continues. */
    CONTINUE,
    /** Something else is due: the slice ends with a checkpoint. */
    PAUSE,
    /** The retraining is void or the trainer stops: the slice ends without a checkpoint. */
    STOP
  }

  /** An optimizer step is done. */
  Next step(Retraining retraining, int step, int steps, double loss);

  /** What the trained ensemble must surpass; empty if the retraining is void. */
  Optional<Judgement> judgement(Retraining retraining);

  /** The slice has ended. */
  void complete(Retraining retraining, RetrainingOutcome outcome);
}
