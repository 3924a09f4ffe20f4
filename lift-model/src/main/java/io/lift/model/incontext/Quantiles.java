package io.lift.model.incontext;

/** The quantiles that the in-context model gives for a number: of 1/40, 2/40 to 39/40. */
public final class Quantiles {
  /** How many there are. */
  public static final int COUNT = 39;

  private Quantiles() {}

  /** The share of the distribution that lies below a quantile, 0..1. */
  public static double level(int index) {
    return (index + 1) / (COUNT + 1.0);
  }
}
