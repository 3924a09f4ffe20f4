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
 */
public record RoundReport(
    boolean completed,
    int steps,
    long tokens,
    long padding,
    double seconds,
    double loss,
    int skipped) {

  /** Padding's share of everything that was read, 0 to 1. */
  public double paddingShare() {
    return padding == 0 ? 0 : padding / (double) (tokens + padding);
  }
}
