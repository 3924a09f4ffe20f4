package io.lift.trainer.training;

/**
 * One partition of {@code lift.prompts} while this trainer owns it, from one assignment to its
 * revocation. A partition that comes back is a new ownership: whatever was begun under the old one
 * is void. Guarded by the lock of {@link AssignmentState}; {@link #lost} may be asked by anyone.
 */
final class PartitionAssignment {
  private final int partition;
  private final int generation;
  private final long committed;
  private long position;
  private long settled;
  private boolean letters;
  private boolean uncommitted;
  private volatile boolean lost;

  /**
   * @param partition the partition
   * @param generation of the group in which it was assigned; records polled earlier are stale
   * @param committed the group's committed offset at assignment, 0 if none: rows before it were
   *     either trained on or sent to the dead letters
   * @param position where reading begins
   */
  PartitionAssignment(int partition, int generation, long committed, long position) {
    this.partition = partition;
    this.generation = generation;
    this.committed = committed;
    this.position = position;
    this.settled = position;
  }

  int partition() {
    return partition;
  }

  long committed() {
    return committed;
  }

  /** The next offset to read. */
  long position() {
    return position;
  }

  /** The record before the position has been dealt with, unless dead letters are on their way. */
  void settle() {
    if (!letters) {
      settled = position;
    }
  }

  /** The record before the position is a dead letter that the broker does not have yet. */
  void sendLetter() {
    letters = true;
  }

  /** The broker has all dead letters; the group's offset should pass over them. */
  void lettersArrived() {
    if (letters) {
      letters = false;
      settled = position;
      uncommitted = true;
    }
  }

  /** Whether dead letters have arrived over which the group's offset has not yet passed. */
  boolean uncommitted() {
    return uncommitted;
  }

  void committing() {
    uncommitted = false;
  }

  /** The offset before which everything is buffered, trained on or a dead letter. */
  long settled() {
    return settled;
  }

  /** Whether a record polled in a generation is the next of this ownership; moves on if so. */
  boolean take(int polledIn, long offset) {
    if (lost || polledIn < generation || offset < position) {
      return false;
    }
    position = offset + 1;
    return true;
  }

  boolean lost() {
    return lost;
  }

  void lose() {
    lost = true;
  }
}
