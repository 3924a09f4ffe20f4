package io.lift.trainer.round;

import io.lift.messages.CheckpointManifest;
import io.lift.model.RoundReport;

/** What came of a round. */
public sealed interface RoundOutcome {

  /**
   * Its checkpoint is published.
   *
   * @param manifest of the checkpoint
   * @param baseline the log likelihood that the parent gave to the answer of each of {@link
   *     Round#baselineRows}, in nats
   */
  record Published(CheckpointManifest manifest, double[] baseline) implements RoundOutcome {}

  /**
   * Nothing that could be published came of it; its rows stay fresh.
   *
   * @param why in one sentence
   */
  record Failed(String why) implements RoundOutcome {}

  /** The parent's file cannot be used: the next round starts from the base model. */
  record ParentUnusable() implements RoundOutcome {}

  /**
   * Other work comes first; the round goes on later.
   *
   * @param file checkpoint within the round
   * @param baseline as of {@link Published}
   * @param done what has been done of the round
   */
  record Paused(byte[] file, double[] baseline, RoundReport done) implements RoundOutcome {}

  /** It was cancelled, or the broker did not answer; its rows stay fresh. */
  record Discarded() implements RoundOutcome {}
}
