package io.lift.trainer.round;

import io.lift.core.task.LoraPolicy;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TrainingPolicy;
import java.time.Duration;

/**
 * The settings of this trainer for all tasks.
 *
 * @param instance name of this trainer, unique and the same after a restart; part of its {@code
 *     transactional.id}
 * @param defaults what a task's policy leaves open
 * @param training epochs, steps, adapters and so on for tasks that leave them open; null fields
 *     take the model's own defaults
 * @param retrainingBudget of an ensemble that is trained in spare time, for tasks that set no
 *     budget themselves, in millions of tokens per 1,000 rows; 0 for no retraining
 * @param maxWindow rows that any task's window may hold
 * @param maxWaiting fresh rows of all tasks together that stop consumption until a round is done
 * @param openTasks fine-tunings kept open between rounds
 * @param sharing how tasks share this trainer
 * @param revokeWait how long a revocation waits for the running round to stop
 */
public record TrainerSettings(
    String instance,
    RoundPolicy defaults,
    TrainingPolicy training,
    double retrainingBudget,
    int maxWindow,
    int maxWaiting,
    int openTasks,
    RoundSharing sharing,
    Duration revokeWait) {

  /** When the task's rounds start. */
  public RoundPolicy policy(TaskSpec spec) {
    return RoundPolicy.of(spec.training(), defaults, maxWindow);
  }

  /** The task's policy for the model, with this trainer's defaults where it leaves things open. */
  public TrainingPolicy training(TaskSpec spec) {
    TrainingPolicy own = spec.training();
    return training(spec, own.budget() == null ? training.budget() : own.budget());
  }

  /** The same with another budget. */
  public TrainingPolicy training(TaskSpec spec, Double budget) {
    TrainingPolicy own = spec.training();
    return TrainingPolicy.builder()
        .window(own.window())
        .firstRound(own.firstRound())
        .roundRows(own.roundRows())
        .roundSeconds(own.roundSeconds())
        .epochs(own.epochs() == null ? training.epochs() : own.epochs())
        .maxSteps(own.maxSteps() == null ? training.maxSteps() : own.maxSteps())
        .members(own.members() == null ? training.members() : own.members())
        .budget(budget)
        .seed(own.seed() == null ? training.seed() : own.seed())
        .batch(own.batch() == null ? training.batch() : own.batch())
        .learningRate(own.learningRate() == null ? training.learningRate() : own.learningRate())
        .lora(lora(own).orElse(lora(training)))
        .method(own.method())
        .build();
  }

  private static LoraPolicy lora(TrainingPolicy policy) {
    return policy.lora() == null ? LoraPolicy.OPEN : policy.lora();
  }
}
