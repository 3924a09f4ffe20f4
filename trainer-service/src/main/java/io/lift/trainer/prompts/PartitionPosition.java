package io.lift.trainer.prompts;

/**
 * How far an assigned partition has been read, and what the group has committed for it. Dead
 * letters hold back the offset that may be committed until the broker has them. Not thread-safe.
 */
public final class PartitionPosition {
  private final PartitionAssignment assignment;
  private final ReadingPlan plan;
  private long next;
  private long handledTo;
  private boolean lettersPending;
  private long committedTo;
  private long triedAt = System.currentTimeMillis();

  /**
   * @param committed the group's offset, 0 if none
   * @param plan what is to be read
   */
  public PartitionPosition(PartitionAssignment assignment, long committed, ReadingPlan plan) {
    this.assignment = assignment;
    this.plan = plan;
    this.next = plan.start();
    this.handledTo = next;
    this.committedTo = committed;
  }

  public PartitionAssignment assignment() {
    return assignment;
  }

  /** The next offset to read. */
  public long next() {
    return next;
  }

  /**
   * The offset before which every record is in a window, trained on, a dead letter or left out by
   * the plan.
   */
  public long handledTo() {
    return handledTo;
  }

  /** What a trainer that takes over now has to read, when these are the rows of all windows. */
  public ReadingPlan plan(ReadingPlan.Rows windows) {
    return plan.after(handledTo, windows);
  }

  /**
   * Whether a record is to be read.
   *
   * @param polledIn generation of the group in which the record was polled
   * @return false if the record is stale, was read before or is left out by the plan
   */
  public boolean wants(int polledIn, long offset) {
    return polledIn >= assignment.generation() && offset >= next && plan.next(offset) == offset;
  }

  /**
   * Moves past a record if it is to be read.
   *
   * @param polledIn generation of the group in which the record was polled
   * @return as {@link #wants}
   */
  public boolean advance(int polledIn, long offset) {
    boolean wanted = wants(polledIn, offset);
    if (wanted) {
      next = plan.next(offset + 1);
    }
    return wanted;
  }

  /**
   * Moves past what is no record or left out: all records before an offset have been polled.
   *
   * @param polledIn generation of the group in which they were polled
   */
  public void polledTo(int polledIn, long offset) {
    if (polledIn >= assignment.generation() && offset > next) {
      next = plan.next(offset);
    }
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

  /** Every record before {@link #next} has been handled, and the broker has all dead letters. */
  public void allHandled() {
    lettersPending = false;
    handledTo = next;
  }

  /** The group's offset as far as this trainer knows it. */
  public long committedTo() {
    return committedTo;
  }

  /** When the offset was last tried to be committed alone, at first the assignment; epoch ms. */
  public long triedAt() {
    return triedAt;
  }

  /** The offset is being committed alone. */
  public void committing(long now) {
    triedAt = now;
  }

  /** The group has committed an offset. */
  public void committed(long offset) {
    committedTo = offset;
  }
}
