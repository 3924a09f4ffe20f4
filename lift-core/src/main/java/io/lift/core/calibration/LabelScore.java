package io.lift.core.calibration;

/**
 * The nonconformity of a label: minus the logarithm of the odds that the model gives to it, and the
 * random part of its row. Odds resolve probabilities near 1, where the answers of a sure model are.
 */
final class LabelScore {
  /** Probabilities nearer to 0 or 1 count as equal. */
  private static final double LEAST = 1e-6;

  /** A lower cutoff admits every label. */
  private static final double NO_CUTOFF = LEAST * LEAST;

  private LabelScore() {}

  /**
   * The score of a label.
   *
   * @param probability of the label, the model's own
   * @param draw the row's {@link RowDraw}
   */
  static double of(double probability, double draw) {
    double p = Math.max(LEAST, Math.min(1 - LEAST, probability));
    return Math.log((1 - p) / p) + RowDraw.shift(draw);
  }

  /** The score at a cutoff. */
  static double ofCutoff(double cutoff) {
    return Math.log((1 - cutoff) / Math.max(NO_CUTOFF, cutoff));
  }

  /** The cutoff at a score. */
  static double cutoff(double score) {
    return 1 / (1 + Math.exp(score));
  }
}
