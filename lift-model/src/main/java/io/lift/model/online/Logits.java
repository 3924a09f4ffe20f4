package io.lift.model.online;

/** Logarithms of probabilities, up to a constant. */
final class Logits {
  private Logits() {}

  /** The probabilities, summing to 1, in the same array. */
  static double[] probabilities(double[] logits) {
    double most = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      most = Math.max(most, logit);
    }
    double sum = 0;
    for (int k = 0; k < logits.length; k++) {
      logits[k] = Math.exp(logits[k] - most);
      sum += logits[k];
    }
    for (int k = 0; k < logits.length; k++) {
      logits[k] /= sum;
    }
    return logits;
  }
}
