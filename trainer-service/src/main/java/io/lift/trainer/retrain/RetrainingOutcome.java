package io.lift.trainer.retrain;

/** What came of a slice of retraining. */
public sealed interface RetrainingOutcome {

  /**
   * Something else is due; the next slice continues from the file.
   *
   * @param file checkpoint of the ensemble as far as it is trained
   */
  record Paused(byte[] file) implements RetrainingOutcome {}

  /**
   * The ensemble is trained and better than those that served; the task's next round continues from
   * it.
   *
   * @param file its checkpoint
   */
  record Passed(byte[] file) implements RetrainingOutcome {}

  /** The ensemble is trained and not better than those that served. */
  record Rejected() implements RetrainingOutcome {}

  /**
   * The retraining cannot be continued.
   *
   * @param why in one sentence
   */
  record Abandoned(String why) implements RetrainingOutcome {}

  /** The slice stopped because the retraining is void or the trainer stops. */
  record Stopped() implements RetrainingOutcome {}
}
