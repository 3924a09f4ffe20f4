package io.lift.trainer.retrain;

import io.lift.checkpoint.InvalidModelException;
import io.lift.core.task.TaskSpec;
import io.lift.trainer.round.FineTuner;
import io.lift.trainer.round.TrainerSettings;

/** The budget of a task's retraining. */
public final class RetrainingBudget {
  private final TrainerSettings settings;
  private final FineTuner.Factory factory;

  public RetrainingBudget(TrainerSettings settings, FineTuner.Factory factory) {
    this.settings = settings;
    this.factory = factory;
  }

  /** The budget, as {@link FineTuner.Factory#budget}; 0 if the task has no retraining. */
  public double of(TaskSpec spec) {
    if (settings.retrainingBudget() <= 0) {
      return 0;
    }
    double own;
    try {
      own = factory.budget(settings.training(spec));
    } catch (InvalidModelException e) {
      return 0; // the task's rounds fail and say why
    }
    boolean chosen = own == 0 || spec.training().budget() != null;
    return chosen ? own : Math.max(own, settings.retrainingBudget());
  }
}
