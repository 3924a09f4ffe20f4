package io.lift.model.training;

import io.lift.core.task.TrainingPolicy;

/**
 * Every number of fine-tuning, in one place.
 *
 * @param batch rows per step and member
 * @param epochs how often each row is seen in the first round, on average
 * @param laterEpochs the same for the fresh rows of further rounds; rehearsed rows share the steps
 * @param freshWeight how much likelier a fresh row is read than a rehearsed one
 * @param minSteps lower bound of the first round
 * @param maxSteps upper bound of any round
 * @param members models trained side by side, whose probabilities are averaged
 * @param learningRate peak of the first round
 * @param laterLearningRate peak of further rounds
 * @param warmup share of a round in which the rate rises
 * @param weightDecay decoupled, of matrices
 * @param beta1 AdamW's memory of the gradient
 * @param beta2 AdamW's memory of its square
 * @param epsilon AdamW's floor
 * @param clip bound of each member's gradient norm
 * @param jitter standard deviation, in grid steps, of the noise on a prompt's grid numbers
 * @param targetJitter the same on a regression target
 * @param dropout after the embedding and each half-layer
 * @param smoothing share of the target probability that is spread over all tokens
 * @param endWeight weight of the end mark in the loss, 0 to leave it out
 * @param seed of every random choice
 */
public record TrainingRecipe(
    int batch,
    double epochs,
    double laterEpochs,
    int freshWeight,
    int minSteps,
    int maxSteps,
    int members,
    double learningRate,
    double laterLearningRate,
    double warmup,
    double weightDecay,
    double beta1,
    double beta2,
    double epsilon,
    double clip,
    double jitter,
    double targetJitter,
    double dropout,
    double smoothing,
    double endWeight,
    long seed) {

  /** What the task says, and what was found best over many tables where it says nothing. */
  public static TrainingRecipe of(TrainingPolicy policy) {
    return new TrainingRecipe(
        32,
        or(policy.epochs(), 15.0),
        or(policy.epochs(), 20.0),
        3,
        400,
        or(policy.maxSteps(), 2000),
        or(policy.members(), 1),
        2e-3,
        1e-3,
        0.05,
        0.1,
        0.9,
        0.95,
        1e-8,
        1.0,
        2.5,
        2.0,
        0,
        0.05,
        0,
        or(policy.seed(), 0L));
  }

  /** Steps of a round: as many as the epochs ask for, but each fresh row at least once. */
  public int steps(int fresh, boolean first) {
    long wanted = Math.round((first ? epochs : laterEpochs) * fresh / batch);
    long bounded = Math.min(maxSteps, Math.max(first ? minSteps : 1, wanted));
    return Math.toIntExact(Math.max(bounded, (fresh + batch - 1L) / batch));
  }

  /** The rate of step 0..steps-1 of a round: linear up, then half a cosine down. */
  public double rate(int step, int steps, boolean first) {
    double peak = first ? learningRate : laterLearningRate;
    int rising = Math.max(1, (int) (warmup * steps));
    if (step < rising) {
      return peak * (step + 1) / rising;
    }
    double done = (step - rising) / (double) Math.max(1, steps - rising);
    return peak * 0.5 * (1 + StrictMath.cos(Math.PI * done));
  }

  private static <T> T or(T value, T fallback) {
    return value == null ? fallback : value;
  }
}
