package io.lift.bench.paper;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/**
 * The six functions of the paper's regression: a function of one coordinate, averaged over all, so
 * that each has about the range of -9 to 9 on coordinates of -10 to 10.
 */
public enum TestFunction {
  LINEAR(x -> 0.9 * x),
  QUADRATIC(x -> (x * x - 50) * 9 / 50),
  EXPONENTIAL(x -> ((Math.exp(0.2 * x) - Math.exp(-2)) / (Math.exp(2) - Math.exp(-2)) - 0.5) * 18),
  COSINE(x -> 9 * Math.cos(0.5 * Math.PI * x)),
  L1NORM(x -> (Math.abs(x) / 10 - 0.5) * 18),
  PIECEWISE(x -> ((step(x) + 4) / 8 - 0.5) * 18);

  private final DoubleUnaryOperator coordinate;

  TestFunction(DoubleUnaryOperator coordinate) {
    this.coordinate = coordinate;
  }

  /**
   * @param x [coordinate]
   */
  public double at(double... x) {
    return Arrays.stream(x).map(coordinate).average().orElseThrow();
  }

  public String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static double step(double x) {
    if (x < -3) {
      return x + 6;
    }
    return x < 3 ? 0 : x - 6;
  }
}
