package io.lift.core.metrics;

/**
 * A compensated sum (Kahan-Babuška-Neumaier 1974). It stays exact to the last digits when a window
 * adds and removes millions of terms.
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
