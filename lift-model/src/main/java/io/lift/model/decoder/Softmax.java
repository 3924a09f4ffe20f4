package io.lift.model.decoder;

/** The softmax of few logits, without the engine. */
public final class Softmax {
  private Softmax() {}

  /**
   * {@code exp(logits)}, normalised to sum to 1.
   *
   * @param logits one per candidate; not changed
   */
  public static double[] of(double[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      max = Math.max(max, logit);
    }
    double[] probabilities = new double[logits.length];
    double sum = 0;
    for (int c = 0; c < probabilities.length; c++) {
      probabilities[c] = Math.exp(logits[c] - max);
      sum += probabilities[c];
    }
    for (int c = 0; c < probabilities.length; c++) {
      probabilities[c] /= sum;
    }
    return probabilities;
  }
}
