package io.lift.model;

/**
 * What a round did.
 *
 * @param completed false if {@link RoundProgress} ended it
 * @param steps optimizer steps
 * @param tokens tokens read, padding excluded
 * @param padding tokens read in vain, because rows of one batch differ in length
 * @param seconds wall-clock time
 * @param loss mean training loss of the last tenth of the steps, in nats per completion token; of
 *     the last step if the round was ended early
 * @param skipped steps not applied because the loss was not finite
 * @param cutAt step of the round after which it was cut; 0 if it was not
 * @param omitted planned steps that a cut has left out
 */
public record RoundReport(
    boolean completed,
    int steps,
    long tokens,
    long padding,
    double seconds,
    double loss,
    int skipped,
    int cutAt,
    int omitted) {

  /** What a part of a round did that was not cut. */
  public RoundReport(
      boolean completed,
      int steps,
      long tokens,
      long padding,
      double seconds,
      double loss,
      int skipped) {
    this(completed, steps, tokens, padding, seconds, loss, skipped, 0, 0);
  }

  /** What this part of a round and the next one did together. */
  public RoundReport and(RoundReport next) {
    return new RoundReport(
        next.completed,
        steps + next.steps,
        tokens + next.tokens,
        padding + next.padding,
        seconds + next.seconds,
        next.steps == 0 ? loss : next.loss,
        skipped + next.skipped,
        next.cutAt,
        next.omitted);
  }

  /** The share of the planned steps that were done, 0 to 1. */
  public double doneShare() {
    return omitted == 0 ? 1 : steps / (double) (steps + omitted);
  }

  /** Padding's share of everything that was read, 0 to 1. */
  public double paddingShare() {
    return padding == 0 ? 0 : padding / (double) (tokens + padding);
  }
}
