package io.lift.model.training;

/**
 * The settings of AdamW and of its learning rate's schedule over a round.
 *
 * @param learningRate peak of the first round
 * @param laterLearningRate peak of further rounds
 * @param warmup steps in which the rate rises: a share of the round below 1, a number of steps from
 *     1 on
 * @param decay the shape of its fall after that
 * @param weightDecay decoupled, of matrices
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment
 * @param clip bound of each member's gradient norm
 */
public record OptimizerSettings(
    double learningRate,
    double laterLearningRate,
    double warmup,
    Decay decay,
    double weightDecay,
    double beta1,
    double beta2,
    double epsilon,
    double clip) {

  /** The shape of the learning rate's fall to 0. */
  public enum Decay {
    /** Half a cosine. */
    COSINE,
    /** A straight line. */
    LINEAR
  }

  /** The rate of step 0..steps-1 of a round: linear up, then down. */
  public double rate(int step, int steps, boolean first) {
    double peak = first ? learningRate : laterLearningRate;
    double wanted = warmup < 1 ? warmup * steps : Math.min(warmup, steps);
    int rising = Math.max(1, (int) wanted);
    if (step < rising) {
      return peak * (step + 1) / rising;
    }
    double done = (step - rising) / (double) Math.max(1, steps - rising);
    return switch (decay) {
      case COSINE -> peak * 0.5 * (1 + StrictMath.cos(Math.PI * done));
      case LINEAR -> peak * (1 - done);
    };
  }
}
