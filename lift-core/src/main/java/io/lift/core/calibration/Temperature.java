package io.lift.core.calibration;

import java.util.List;

/**
 * Temperature scaling (Guo et al., On Calibration of Modern Neural Networks, ICML 2017, section
 * 4.2): the number T that minimises the log loss of {@code p^(1/T)}, normalised, on labelled rows.
 * A T above 1 makes answers less certain, and a T below 1 makes them more certain. The most
 * probable label stays the same.
 *
 * <p>A normal prior on {@code ln T} with standard deviation ½ keeps T near 1 if there are few rows.
 * The search minimises {@code Σ -ln p_T(truth) + (ln T)² / (2 · ½²)} over {@code ¼ ≤ T ≤ 4}.
 */
public final class Temperature {
  /** Lowest temperature. */
  public static final double MIN = 0.25;

  /** Highest temperature. */
  public static final double MAX = 4;

  private static final double PRIOR_DEVIATION = 0.5;
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
  private static final double PRECISION = 1e-3;

  /** Smaller probabilities are raised to this. */
  private static final double MIN_PROBABILITY = 1e-6;

  private Temperature() {}

  /**
   * A labelled row.
   *
   * @param logs natural logarithms of the model's own probabilities
   * @param truth index of the true label
   */
  public record Row(float[] logs, int truth) {

    /** A row with probabilities in place of logarithms. */
    public static Row of(double[] probabilities, int truth) {
      float[] logs = new float[probabilities.length];
      for (int i = 0; i < logs.length; i++) {
        logs[i] = (float) Math.log(Math.max(MIN_PROBABILITY, probabilities[i]));
      }
      return new Row(logs, truth);
    }

    private double loss(double inverse) {
      double max = Double.NEGATIVE_INFINITY;
      for (float log : logs) {
        max = Math.max(max, log);
      }
      double sum = 0;
      for (float log : logs) {
        sum += Math.exp((log - max) * inverse);
      }
      return Math.log(sum) - (logs[truth] - max) * inverse;
    }
  }

  /** The best temperature for some rows; 1 if there are none. */
  public static double fit(List<Row> rows) {
    return fit(rows, MIN, PRIOR_DEVIATION);
  }

  /**
   * The best temperature within other bounds and with another prior.
   *
   * @param min lowest temperature
   * @param deviation standard deviation of the prior of {@code ln T}; infinite for none
   */
  public static double fit(List<Row> rows, double min, double deviation) {
    if (rows.isEmpty()) {
      return 1;
    }
    // golden-section search over ln T
    double low = Math.log(min);
    double high = Math.log(MAX);
    double left = high - GOLDEN * (high - low);
    double right = low + GOLDEN * (high - low);
    double atLeft = objective(rows, left, deviation);
    double atRight = objective(rows, right, deviation);
    while (high - low > PRECISION) {
      if (atLeft <= atRight) {
        high = right;
        right = left;
        atRight = atLeft;
        left = high - GOLDEN * (high - low);
        atLeft = objective(rows, left, deviation);
      } else {
        low = left;
        left = right;
        atLeft = atRight;
        right = low + GOLDEN * (high - low);
        atRight = objective(rows, right, deviation);
      }
    }
    return Math.exp((low + high) / 2);
  }

  /** {@code p^(1/T)}, normalised. */
  public static double[] applied(double[] probabilities, double temperature) {
    double[] applied = new double[probabilities.length];
    double sum = 0;
    for (int c = 0; c < applied.length; c++) {
      applied[c] = Math.pow(Math.max(MIN_PROBABILITY, probabilities[c]), 1 / temperature);
      sum += applied[c];
    }
    for (int c = 0; c < applied.length; c++) {
      applied[c] /= sum;
    }
    return applied;
  }

  private static double objective(List<Row> rows, double logTemperature, double deviation) {
    double inverse = Math.exp(-logTemperature);
    double sum = Math.pow(logTemperature / deviation, 2) / 2;
    for (Row row : rows) {
      sum += row.loss(inverse);
    }
    return sum;
  }
}
