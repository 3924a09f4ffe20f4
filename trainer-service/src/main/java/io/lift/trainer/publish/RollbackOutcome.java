package io.lift.trainer.publish;

import io.lift.messages.CheckpointManifest;

/** What came of a rollback. */
public sealed interface RollbackOutcome {

  /**
   * The earlier version is current again, under the next version number.
   *
   * @param manifest of the new version
   */
  record Published(CheckpointManifest manifest) implements RollbackOutcome {}

  /** The request cannot be fulfilled; the reason is on {@code lift.rollbacks}. */
  record Rejected() implements RollbackOutcome {}

  /** The broker does not answer, or the partition is lost; the request stays on its topic. */
  record Postponed() implements RollbackOutcome {}
}
