package io.lift.model.decoder;

/** Probabilities out of few logits, in plain numbers. */
public final class Softmax {
  private Softmax() {}

  /**
   * {@code exp(logits)}, normalised.
   *
   * @param logits of the answers among which one is right; not changed
   */
  public static double[] of(double[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      max = Math.max(max, logit);
    }
    double[] shares = new double[logits.length];
    double sum = 0;
    for (int c = 0; c < shares.length; c++) {
      shares[c] = Math.exp(logits[c] - max);
      sum += shares[c];
    }
    for (int c = 0; c < shares.length; c++) {
      shares[c] /= sum;
    }
    return shares;
  }
}
