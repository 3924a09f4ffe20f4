package io.lift.core.metrics;

/**
 * A sum that keeps what rounding drops (Neumaier), so that a window can add and remove millions of
 * terms and still be right to the last digits.
 */
final class CompensatedSum {
  private double sum;
  private double lost;

  void add(double term) {
    double next = sum + term;
    lost += Math.abs(sum) >= Math.abs(term) ? (sum - next) + term : (term - next) + sum;
    sum = next;
  }

  double value() {
    return sum + lost;
  }

  void reset(double value) {
    sum = value;
    lost = 0;
  }
}
