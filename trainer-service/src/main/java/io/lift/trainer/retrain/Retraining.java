package io.lift.trainer.retrain;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TrainingPolicy;
import io.lift.trainer.publish.LineageOrigin;
import io.lift.trainer.round.RetrainedEnsemble;
import java.util.List;

/**
 * The training of a new ensemble for a task that has outgrown its own. It starts from the base
 * model and is done in slices, between which it is a checkpoint file in memory.
 *
 * @param task the task's name
 * @param lineage of the task that it belongs to; it is void once the task has another one
 * @param language the task's language
 * @param training the task's policy with the budget of the retraining
 * @param rows what the ensemble is trained on
 * @param heldBackFrom offset of the first row that it is not trained on
 * @param file the ensemble as far as it is trained; null for the base model
 */
public record Retraining(
    String task,
    long lineage,
    TaskLanguage language,
    TrainingPolicy training,
    List<Example> rows,
    long heldBackFrom,
    byte[] file) {

  /** Copies the list of rows. */
  public Retraining {
    rows = List.copyOf(rows);
  }

  /** This retraining after a slice. */
  public Retraining withFile(byte[] checkpoint) {
    return new Retraining(task, lineage, language, training, rows, heldBackFrom, checkpoint);
  }

  /** The trained ensemble, for a round to continue from. */
  public RetrainedEnsemble ensemble() {
    return new RetrainedEnsemble(
        file, heldBackFrom, new LineageOrigin(rows.size(), training.budget()));
  }
}
