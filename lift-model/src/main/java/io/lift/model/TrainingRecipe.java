package io.lift.model;

import io.lift.core.task.TrainingPolicy;

/**
 * Every number of fine-tuning, in one place.
 *
 * @param batch rows per step and member
 * @param epochs how often each fresh row is seen in a round, on average
 * @param minSteps lower bound of the first round
 * @param maxSteps upper bound of any round
 * @param members models trained side by side, whose probabilities are averaged
 * @param learningRate peak of the first round
 * @param laterLearningRate peak of further rounds
 * @param warmup share of a round in which the rate rises
 * @param finalRate share of the peak that is left at the end of a round
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
record TrainingRecipe(
    int batch,
    double epochs,
    int minSteps,
    int maxSteps,
    int members,
    double learningRate,
    double laterLearningRate,
    double warmup,
    double finalRate,
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

  static TrainingRecipe standard() {
    return new TrainingRecipe(
        32, 60, 400, 4000, 1, 2e-3, 1e-3, 0.05, 0, 0.1, 0.9, 0.95, 1e-8, 1.0, 2.5, 0, 0, 0.05, 0,
        0);
  }

  /** What the task says, and the standard where it says nothing. */
  static TrainingRecipe of(TrainingPolicy policy) {
    TrainingRecipe r = standard();
    return new TrainingRecipe(
        r.batch,
        or(policy.epochs(), r.epochs),
        r.minSteps,
        or(policy.maxSteps(), r.maxSteps),
        or(policy.members(), r.members),
        r.learningRate,
        r.laterLearningRate,
        r.warmup,
        r.finalRate,
        r.weightDecay,
        r.beta1,
        r.beta2,
        r.epsilon,
        r.clip,
        r.jitter,
        r.targetJitter,
        r.dropout,
        r.smoothing,
        r.endWeight,
        or(policy.seed(), r.seed));
  }

  /** Steps of a round: as many as the epochs ask for, but each fresh row at least once. */
  int steps(int fresh, boolean first) {
    long wanted = Math.round(epochs * fresh / batch);
    long bounded = Math.min(maxSteps, Math.max(first ? minSteps : 1, wanted));
    return Math.toIntExact(Math.max(bounded, (fresh + batch - 1L) / batch));
  }

  /** The rate of step 0..steps-1 of a round: linear up, then half a cosine down. */
  double rate(int step, int steps, boolean first) {
    double peak = first ? learningRate : laterLearningRate;
    int rising = Math.max(1, (int) (warmup * steps));
    if (step < rising) {
      return peak * (step + 1) / rising;
    }
    double done = (step - rising) / (double) Math.max(1, steps - rising);
    return peak * (finalRate + (1 - finalRate) * 0.5 * (1 + StrictMath.cos(Math.PI * done)));
  }

  private static <T> T or(T value, T fallback) {
    return value == null ? fallback : value;
  }
}
