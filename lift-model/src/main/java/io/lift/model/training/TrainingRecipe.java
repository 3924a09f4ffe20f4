package io.lift.model.training;

import io.lift.core.task.LearningMethod;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.training.OptimizerSettings.Decay;

/**
 * The settings of fine-tuning, in one place.
 *
 * @param batch rows per step and member
 * @param epochs how often each row is seen in the first round, on average
 * @param laterEpochs the same for the fresh rows of further rounds; rehearsed rows share the steps
 * @param freshWeight how much likelier a fresh row is read than a rehearsed one
 * @param minSteps lower bound of the first round
 * @param maxSteps upper bound of any round
 * @param stretch factor of the steps of a first round over many rows with a regression target, as
 *     far as the budget covers them
 * @param members models trained side by side, whose probabilities are averaged; 0 for as many as
 *     the budget covers, each with rows held out
 * @param budget tokens that a first round may read, for each 1,000 rows
 * @param lora the adapters that are trained; null to train all weights
 * @param optimizer AdamW and the learning rate
 * @param noise factor of the noise that a number encoding adds to numbers; 0 for none
 * @param dropout after the embedding and each half-layer
 * @param smoothing share of the target probability that is spread over all tokens
 * @param endWeight weight of the end mark in the loss, 0 to leave it out
 * @param perToken whether a step's loss is the mean over completion tokens; otherwise it is the sum
 *     over them, divided by the rows
 * @param seed of every random choice
 * @param method the variant of the method that is trained
 */
public record TrainingRecipe(
    int batch,
    double epochs,
    double laterEpochs,
    int freshWeight,
    int minSteps,
    int maxSteps,
    double stretch,
    int members,
    double budget,
    LoraSettings lora,
    OptimizerSettings optimizer,
    double noise,
    double dropout,
    double smoothing,
    double endWeight,
    boolean perToken,
    long seed,
    LearningMethod method) {
  /** The label smoothing of the embedded preset. */
  public static final double SMOOTHING = 0.05;

  /** A recipe of plain fine-tuning. */
  public TrainingRecipe(
      int batch,
      double epochs,
      double laterEpochs,
      int freshWeight,
      int minSteps,
      int maxSteps,
      int members,
      double budget,
      LoraSettings lora,
      OptimizerSettings optimizer,
      double noise,
      double dropout,
      double smoothing,
      double endWeight,
      boolean perToken,
      long seed) {
    this(
        batch,
        epochs,
        laterEpochs,
        freshWeight,
        minSteps,
        maxSteps,
        1,
        members,
        budget,
        lora,
        optimizer,
        noise,
        dropout,
        smoothing,
        endWeight,
        perToken,
        seed,
        LearningMethod.PLAIN);
  }

  /** The settings of a task's policy, and of the preset where the policy has none. */
  public static TrainingRecipe of(Preset preset, TrainingPolicy policy) {
    return switch (preset) {
      case EMBEDDED -> embedded(policy);
      case PAPER -> paper(policy);
      case ENCODER -> encoder(policy);
    };
  }

  /** All weights of the embedded model, with the settings that were best over many tables. */
  private static TrainingRecipe embedded(TrainingPolicy policy) {
    return new TrainingRecipe(
        or(policy.batch(), 32),
        or(policy.epochs(), 22.5),
        or(policy.epochs(), 20.0),
        3,
        600,
        or(policy.maxSteps(), 3000),
        policy.epochs() == null && policy.maxSteps() == null ? 2 : 1,
        or(policy.members(), 0),
        1e6 * or(policy.budget(), 0.4),
        null,
        new OptimizerSettings(
            or(policy.learningRate(), 2e-3),
            or(policy.learningRate(), 1e-3),
            0.05,
            Decay.COSINE,
            0.1,
            0.9,
            0.95,
            1e-8,
            1.0),
        1,
        0,
        SMOOTHING,
        0,
        false,
        or(policy.seed(), 0L),
        policy.methodOrPlain());
  }

  /**
   * The paper's code for GPT-J: adapters of rank 16 on all linear layers, the loss of the
   * completion and its end mark, batches of 4, 10 epochs, a linear decay from 1e-4 after 6 steps of
   * warm-up.
   */
  private static TrainingRecipe paper(TrainingPolicy policy) {
    return adapters(policy, 4, 10.0, 1, LoraSettings.paper(policy.lora()), 1e-4, 1e-4, 6, 1);
  }

  /** Adapters of rank 16 on an encoder's linear layers, the likelihood of the labels. */
  private static TrainingRecipe encoder(TrainingPolicy policy) {
    return adapters(policy, 16, 5.0, 20, LoraSettings.encoder(policy.lora()), 1e-3, 5e-4, 10, 0);
  }

  /** Adapters on frozen weights. */
  private static TrainingRecipe adapters(
      TrainingPolicy policy,
      int batch,
      double epochs,
      int minSteps,
      LoraSettings lora,
      double rate,
      double laterRate,
      double warmUpSteps,
      double endWeight) {
    return new TrainingRecipe(
        or(policy.batch(), batch),
        or(policy.epochs(), epochs),
        or(policy.epochs(), epochs),
        3,
        minSteps,
        or(policy.maxSteps(), 2000),
        1,
        or(policy.members(), 1),
        0,
        lora,
        new OptimizerSettings(
            or(policy.learningRate(), rate),
            or(policy.learningRate(), laterRate),
            warmUpSteps,
            Decay.LINEAR,
            0.01,
            0.9,
            0.999,
            1e-8,
            1.0),
        0,
        0,
        0,
        endWeight,
        true,
        or(policy.seed(), 0L),
        policy.methodOrPlain());
  }

  /** Steps of a round: those of the epochs within the bounds, but each fresh row at least once. */
  public int steps(int fresh, boolean first) {
    long wanted = Math.round((first ? epochs : laterEpochs) * fresh / batch);
    long bounded = Math.min(maxSteps, Math.max(first ? minSteps : 1, wanted));
    return Math.toIntExact(Math.max(bounded, (fresh + batch - 1L) / batch));
  }

  private static <T> T or(T value, T fallback) {
    return value == null ? fallback : value;
  }
}
