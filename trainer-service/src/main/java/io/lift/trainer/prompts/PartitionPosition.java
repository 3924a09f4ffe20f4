package io.lift.trainer.prompts;

/**
 * How far an assigned partition has been read. Dead letters hold back the offset that may be
 * committed until the broker has them. Not thread-safe.
 */
public final class PartitionPosition {
  private final PartitionAssignment assignment;
  private long next;
  private long handledTo;
  private boolean lettersPending;
  private boolean uncommitted;

  /**
   * @param from where reading begins
   */
  public PartitionPosition(PartitionAssignment assignment, long from) {
    this.assignment = assignment;
    this.next = from;
    this.handledTo = from;
  }

  public PartitionAssignment assignment() {
    return assignment;
  }

  /** The next offset to read. */
  public long next() {
    return next;
  }

  /** The offset before which every record is in a window, trained on or a dead letter. */
  public long handledTo() {
    return handledTo;
  }

  /**
   * Moves past a record if it is the next of this assignment.
   *
   * @param polledIn generation of the group in which the record was polled
   * @return false if the record is stale or was read before
   */
  public boolean advance(int polledIn, long offset) {
    if (polledIn < assignment.generation() || offset < next) {
      return false;
    }
    next = offset + 1;
    return true;
  }

  /** The record before {@link #next} has been handled, unless dead letters are pending. */
  public void handled() {
    if (!lettersPending) {
      handledTo = next;
    }
  }

  /** The record before {@link #next} is a dead letter that the broker does not have yet. */
  public void deadLetter() {
    lettersPending = true;
  }

  /** The broker has all dead letters; the group's offset should pass them. */
  public void deadLettersSent() {
    if (lettersPending) {
      lettersPending = false;
      handledTo = next;
      uncommitted = true;
    }
  }

  /** Whether dead letters were sent that the group's offset has not passed yet. */
  public boolean uncommitted() {
    return uncommitted;
  }

  /** The group's offset is being committed. */
  public void committing() {
    uncommitted = false;
  }
}
