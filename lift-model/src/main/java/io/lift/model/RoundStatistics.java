package io.lift.model;

import io.lift.model.training.ModelTrainer.StepReport;

/** Adds up what the steps of one round did. Its time begins when it is made. */
final class RoundStatistics {
  private final long started = System.nanoTime();
  private int steps;
  private long tokens;
  private long padding;
  private int skipped;
  private int skippedInARow;
  private double loss = Double.NaN; // of the last step on answers
  private double lateLoss;
  private int lateSteps;

  /**
   * Adds a step.
   *
   * @param answers whether it trained on the task's answers, not on questions about columns
   * @param late whether it is among the steps whose mean loss is reported
   */
  void add(StepReport step, boolean answers, boolean late) {
    steps++;
    tokens += step.tokens();
    padding += step.padding();
    skipped += step.applied() ? 0 : 1;
    skippedInARow = step.applied() ? 0 : skippedInARow + 1;
    loss = answers || Double.isNaN(loss) ? step.loss() : loss;
    if (answers && late && step.applied()) {
      lateLoss += step.loss();
      lateSteps++;
    }
  }

  /** Steps that were not applied because their loss was not finite. */
  int skipped() {
    return skipped;
  }

  /** The same, since the last step that was applied. */
  int skippedInARow() {
    return skippedInARow;
  }

  /** Loss of the last step on answers, in nats per completion token. */
  double loss() {
    return loss;
  }

  RoundReport endedEarly() {
    return report(false, loss, 0, 0);
  }

  /**
   * @param cutAt step after which the round was cut, or 0
   * @param omitted planned steps that were not done
   */
  RoundReport completed(int cutAt, int omitted) {
    return report(true, lateSteps == 0 ? Double.NaN : lateLoss / lateSteps, cutAt, omitted);
  }

  private RoundReport report(boolean completed, double reported, int cutAt, int omitted) {
    double seconds = (System.nanoTime() - started) / 1e9;
    return new RoundReport(
        completed, steps, tokens, padding, seconds, reported, skipped, cutAt, omitted);
  }
}
