package io.lift.trainer.publish;

import io.lift.trainer.prompts.PartitionAssignment;
import java.util.Optional;

/** What is decided and recorded about publishing. Each method is atomic. */
public interface PublishControl {

  /** Whether an assignment still holds and the trainer is not closed. */
  boolean assigned(PartitionAssignment partition);

  /** What may be committed for a partition; empty if its assignment has ended. */
  Optional<Claim> claim(PartitionAssignment partition);

  /**
   * What may be committed with the tombstone of a deleted task; empty if the task exists again or
   * its partition is not assigned.
   */
  Optional<Claim> claimRetired(String task);

  /** The tombstone of a deleted task could not be published and is to be tried again. */
  void retireLater(String task);

  /** The rollback that {@link #claim} was called for has ended. */
  void complete(Rollback rollback, RollbackOutcome outcome);
}
