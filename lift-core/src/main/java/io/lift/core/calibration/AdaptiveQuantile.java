package io.lift.core.calibration;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * A threshold that a given share of future scores does not exceed. It is a conformal quantile of
 * the newest scores. Its level moves with each miss, so that the share recovers after a drift
 * (Gibbs and Candès, Adaptive Conformal Inference Under Distribution Shift, NeurIPS 2021, equation
 * 2):
 *
 * <pre>
 * threshold = the (1 - a)(n + 1)-th smallest of the n newest scores
 * a ← a + γ (1 - coverage - [score > threshold])
 * </pre>
 *
 * <p>Between two ranks, the threshold is interpolated between their scores. Rounding the rank up
 * would hold up to 1 / (n + 1) more than was asked for. The window follows slow changes and the
 * level follows fast ones. {@code a} stays in 0..1, and the threshold is always between two scores
 * of the window. Not thread-safe.
 */
public final class AdaptiveQuantile {
  /** A rank this close to a whole number is that number. */
  private static final double ROUNDING = 1e-9;

  private double coverage;
  private final int window;
  private final int warmUp;
  private double rate;
  private final Deque<Double> newest = new ArrayDeque<>();
  private final double[] sorted;
  private double level;

  /**
   * @param coverage share of the scores below the threshold, 0..1
   * @param window number of scores that are kept
   * @param warmUp number of scores before there is a threshold
   * @param rate γ, the step of the level
   */
  public AdaptiveQuantile(double coverage, int window, int warmUp, double rate) {
    this.coverage = coverage;
    this.window = window;
    this.warmUp = warmUp;
    this.rate = rate;
    this.sorted = new double[window];
    this.level = 1 - coverage;
  }

  /**
   * Adds the score of a row and moves the level.
   *
   * @param score nonconformity of the truth with the answer, in any monotone unit; not NaN
   */
  public void add(double score) {
    if (ready()) {
      double missed = score > threshold() ? 1 : 0;
      level = Math.max(0, Math.min(1, level + rate * (1 - coverage - missed)));
    }
    restore(score);
  }

  /** Adds a score to the window without moving the level, as after a restart. */
  void restore(double score) {
    if (newest.size() == window) {
      double oldest = newest.removeFirst();
      int at = Arrays.binarySearch(sorted, 0, window, oldest);
      System.arraycopy(sorted, at + 1, sorted, at, window - at - 1);
    }
    int before = newest.size();
    int at = Arrays.binarySearch(sorted, 0, before, score);
    at = at < 0 ? -at - 1 : at;
    System.arraycopy(sorted, at, sorted, at + 1, before - at);
    sorted[at] = score;
    newest.addLast(score);
  }

  /** Changes the coverage. The scores are kept. */
  void setCoverage(double newCoverage) {
    if (newCoverage != coverage) {
      coverage = newCoverage;
      level = 1 - newCoverage;
    }
  }

  /** Changes the step of the level. A step of 0 puts the level back to where it started. */
  void setRate(double newRate) {
    rate = newRate;
    if (newRate == 0) {
      level = 1 - coverage;
    }
  }

  /** Whether there are enough scores for a threshold. */
  public boolean ready() {
    return newest.size() >= warmUp;
  }

  /**
   * The threshold.
   *
   * @throws IllegalStateException if it is not ready
   */
  public double threshold() {
    if (!ready()) {
      throw new IllegalStateException("a threshold needs " + warmUp + " scores");
    }
    int n = newest.size();
    double rank = Math.max(1, Math.min(n, (1 - level) * (n + 1)));
    int below = (int) Math.min(n, Math.floor(rank + ROUNDING));
    double between = Math.max(0, rank - below);
    double lower = sorted[below - 1];
    return between <= ROUNDING ? lower : lower + between * (sorted[below] - lower);
  }

  /** The number of scores in the window. */
  public int size() {
    return newest.size();
  }

  double level() {
    return level;
  }

  void level(double stored) {
    level = stored;
  }
}
