package io.lift.model;

import io.lift.model.method.RowReader;
import io.lift.model.text.Sequence;
import io.lift.model.training.ModelTrainer;
import io.lift.model.training.RoundBatches;

/**
 * One round of training, in the order of time: sample a batch, forward, backward, update, and
 * evaluate the members after the last step. {@link RoundProgress} may cut it.
 */
final class TrainingRound {
  /** The round ends after so many steps in a row without a finite loss. */
  static final int MAX_SKIPPED = 10;

  private final EnsembleLifecycle ensemble;
  private final RowReader rows;
  private final RoundBatches batches;
  private final int fresh;
  private final int start;
  private final boolean first;
  private final RoundStatistics statistics;

  /**
   * @param rows the rows of the round: fresh ones first, then rehearsed ones
   * @param batches of these rows
   * @param fresh how many rows are fresh
   * @param start steps of the round that were done before
   * @param first whether it is the task's first round
   * @param statistics of this round, nothing added yet
   */
  TrainingRound(
      EnsembleLifecycle ensemble,
      RowReader rows,
      RoundBatches batches,
      int fresh,
      int start,
      boolean first,
      RoundStatistics statistics) {
    this.ensemble = ensemble;
    this.rows = rows;
    this.batches = batches;
    this.fresh = fresh;
    this.start = start;
    this.first = first;
    this.statistics = statistics;
  }

  /**
   * Trains and evaluates.
   *
   * @throws TrainingFailedException if the loss is not finite in ten steps in a row
   */
  RoundReport run(RoundProgress progress) {
    ModelTrainer trainer = ensemble.trainer();
    for (int s = start; s < batches.steps(); s++) {
      // sample
      Sequence[][] batch = batches.batch(s, trainer.step()); // (M, B)

      // forward, backward, update; a step without a finite loss changes nothing
      ModelTrainer.StepReport step = trainer.step(batch, batches.rate(s, first));

      // report
      statistics.add(step, !batches.asksColumns(s), batches.late(s));
      if (statistics.skippedInARow() == MAX_SKIPPED) {
        throw new TrainingFailedException(
            "The loss was not finite in "
                + MAX_SKIPPED
                + " steps in a row; the weights are as before the round.",
            statistics.skipped());
      }
      if (!progress.after(s + 1, batches.steps(), statistics.loss())) {
        return statistics.endedEarly();
      }
      if (progress.cut()) {
        batches.cut(s + 1);
      }
    }

    // evaluate
    ensemble.fitWeights(rows.withContext(), batches.folds(), fresh);
    return statistics.completed(batches.cutAt(), batches.omitted());
  }
}
