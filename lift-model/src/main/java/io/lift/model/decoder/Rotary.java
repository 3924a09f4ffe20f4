package io.lift.model.decoder;

/**
 * Rotary positions: pairs of a head's dimensions turn by an angle that grows with the token's place
 * (arXiv 2104.09864).
 *
 * @param dims how many of a head's first dimensions turn; even
 * @param interleaved whether neighbours are a pair (GPT-J), or the two halves (Llama)
 * @param theta base of the frequencies
 * @param scaling how the angles are changed for long texts
 */
public record Rotary(int dims, boolean interleaved, double theta, Scaling scaling) {

  /** Turns of a pair per token, and what cosines and sines are multiplied by. */
  public sealed interface Scaling {
    /** The frequency of a pair. */
    double frequency(Rotary rotary, int pair);

    /** A factor of cosine and sine. */
    default double magnitude() {
      return 1;
    }
  }

  /**
   * As published. Also the kind {@code dynamic}, which changes nothing before the longest text the
   * model was trained on, and longer ones are cut.
   */
  public record Plain() implements Scaling {
    @Override
    public double frequency(Rotary rotary, int pair) {
      return rotary.frequency(pair);
    }
  }

  /** All angles smaller by a factor. */
  public record Linear(double factor) implements Scaling {
    @Override
    public double frequency(Rotary rotary, int pair) {
      return rotary.frequency(pair) / factor;
    }
  }

  /**
   * Llama 3.1: slow pairs are slowed by the factor, fast ones not, those between partly.
   *
   * @param factor of the slow ones
   * @param low turns within {@code original} below which a pair is slow
   * @param high turns within {@code original} above which a pair is fast
   * @param original tokens of the longest text before the change
   */
  public record Llama3(double factor, double low, double high, double original) implements Scaling {
    @Override
    public double frequency(Rotary rotary, int pair) {
      double plain = rotary.frequency(pair);
      double turns = original * plain / (2 * Math.PI);
      double fast = Math.max(0, Math.min(1, (turns - low) / (high - low)));
      return (1 - fast) * plain / factor + fast * plain;
    }
  }

  /**
   * YaRN (arXiv 2309.00071): like {@link Llama3}, with a ramp over the number of the pair, and
   * sharper attention.
   *
   * @param factor of the slow ones
   * @param betaFast turns within {@code original} of a fast pair
   * @param betaSlow turns within {@code original} of a slow pair
   * @param original tokens of the longest text before the change
   * @param truncated whether the ramp's ends are whole pairs
   * @param magnitude factor of cosine and sine
   */
  public record Yarn(
      double factor,
      double betaFast,
      double betaSlow,
      double original,
      boolean truncated,
      double magnitude)
      implements Scaling {
    @Override
    public double frequency(Rotary rotary, int pair) {
      double from = pairOf(betaFast, rotary);
      double to = pairOf(betaSlow, rotary);
      if (truncated) {
        from = Math.floor(from);
        to = Math.ceil(to);
      }
      from = Math.max(0, from);
      to = Math.min(rotary.dims() - 1, to);
      double slow = (pair - from) / (to == from ? 0.001 : to - from);
      slow = Math.max(0, Math.min(1, slow));
      double plain = rotary.frequency(pair);
      return slow * plain / factor + (1 - slow) * plain;
    }

    /** Which pair, in fractions, turns so often within {@code original}. */
    private double pairOf(double turns, Rotary rotary) {
      double logarithm = StrictMath.log(original / (turns * 2 * Math.PI));
      return rotary.dims() * logarithm / (2 * StrictMath.log(rotary.theta()));
    }
  }

  /** The unscaled frequency of a pair, theta^(-2 pair / dims). */
  double frequency(int pair) {
    return StrictMath.pow(theta, -2.0 * pair / dims);
  }

  /** The pair that a turning dimension belongs to. */
  int pair(int dimension) {
    return interleaved ? dimension / 2 : dimension % (dims / 2);
  }

  /** The angle of a turning dimension at a place, in radians. */
  double angle(int place, int dimension) {
    return place * scaling.frequency(this, pair(dimension));
  }
}
