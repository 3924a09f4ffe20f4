package io.lift.model.incontext;

import java.util.Arrays;

/**
 * The distribution between and beyond {@link Quantiles}: straight lines between them, and
 * exponential tails that go on as the outer quantiles fall.
 */
final class QuantileDistribution {
  private static final int OUTER = 3; // quantiles from the first to the one that sets the tail
  private static final double NARROWEST = 1e-6;

  private final double[] quantiles; // rising
  private final double lowerScale;
  private final double upperScale;

  /**
   * @param quantiles in any order
   */
  QuantileDistribution(double[] quantiles) {
    this.quantiles = quantiles.clone();
    Arrays.sort(this.quantiles);
    int last = quantiles.length - 1;
    double logs = Math.log(OUTER + 1); // of the shares below the two quantiles
    this.lowerScale = Math.max(NARROWEST, (this.quantiles[OUTER] - this.quantiles[0]) / logs);
    this.upperScale =
        Math.max(NARROWEST, (this.quantiles[last] - this.quantiles[last - OUTER]) / logs);
  }

  /** The share of the distribution that is below a number. */
  double below(double x) {
    int last = quantiles.length - 1;
    if (x < quantiles[0]) {
      return Quantiles.level(0) * Math.exp((x - quantiles[0]) / lowerScale);
    }
    if (x >= quantiles[last]) {
      return 1 - Quantiles.level(0) * Math.exp((quantiles[last] - x) / upperScale);
    }
    int i = 0;
    while (quantiles[i + 1] <= x) {
      i++;
    }
    double share = (x - quantiles[i]) / Math.max(NARROWEST, quantiles[i + 1] - quantiles[i]);
    return Quantiles.level(i) + Math.min(1, share) * (Quantiles.level(i + 1) - Quantiles.level(i));
  }

  /**
   * The probabilities of cells 0 to {@code cells - 1}, each of which reaches from half a cell below
   * its number to half a cell above; the outer ones have all that is beyond.
   */
  double[] cells(int cells) {
    double[] probabilities = new double[cells];
    double before = 0;
    for (int i = 0; i < cells; i++) {
      double after = i == cells - 1 ? 1 : below(i + 0.5);
      probabilities[i] = Math.max(0, after - before);
      before = after;
    }
    return probabilities;
  }
}
