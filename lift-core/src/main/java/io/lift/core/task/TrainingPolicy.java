package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * When a round of fine-tuning starts and how much it does. Null fields take the trainer's default.
 *
 * @param window rows kept in rehearsal: the newest N of the task, or 0 for all that the log holds
 * @param firstRound rows needed before the first round
 * @param roundRows new rows that start a further round at once
 * @param roundSeconds seconds after which fewer new rows start a round too
 * @param epochs how often each row is seen, on average
 * @param maxSteps upper bound of optimizer steps in one round
 * @param members models trained side by side whose probabilities are averaged
 * @param seed seed of every random choice
 * @param batch rows per optimizer step
 * @param learningRate peak of the optimizer's rate
 * @param lora the low-rank adapters, where the trainer's base model is trained through them; null
 *     is the same as one that leaves all open
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingPolicy(
    Integer window,
    Integer firstRound,
    Integer roundRows,
    Double roundSeconds,
    Double epochs,
    Integer maxSteps,
    Integer members,
    Long seed,
    Integer batch,
    Double learningRate,
    LoraPolicy lora) {

  /** A policy that leaves batch, learning rate and adapters open. */
  public TrainingPolicy(
      Integer window,
      Integer firstRound,
      Integer roundRows,
      Double roundSeconds,
      Double epochs,
      Integer maxSteps,
      Integer members,
      Long seed) {
    this(
        window,
        firstRound,
        roundRows,
        roundSeconds,
        epochs,
        maxSteps,
        members,
        seed,
        null,
        null,
        null);
  }

  /** A policy that leaves everything to the trainer. */
  public static TrainingPolicy defaults() {
    return new TrainingPolicy(null, null, null, null, null, null, null, null);
  }
}
