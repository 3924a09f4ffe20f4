package io.lift.checkpoint.published;

/**
 * Rotary position embedding, RoPE (Su et al., arXiv 2104.09864, section 3.2): pairs of a head's
 * dimensions are rotated by an angle proportional to the token's position. The unscaled frequency
 * of pair i is {@code theta^(-2 i / dims)}.
 *
 * @param dims how many of a head's first dimensions are rotated; even
 * @param interleaved whether neighbouring dimensions form a pair (GPT-J), or dimension i and i +
 *     dims / 2 (Llama)
 * @param theta base of the frequencies
 * @param scaling how frequencies are changed for sequences longer than the original training length
 */
public record Rotary(int dims, boolean interleaved, double theta, Scaling scaling) {

  /** Frequencies of the pairs and the factor of cosines and sines. */
  public sealed interface Scaling {
    /** The frequency of a pair, in radians per token. */
    double frequency(Rotary rotary, int pair);

    /** What cosines and sines are multiplied by; 1 unless the scaling changes the attention. */
    default double attentionFactor() {
      return 1;
    }
  }

  /**
   * Unscaled frequencies. The type {@code dynamic} is read as this too: it changes nothing up to
   * the original training length, and longer sequences are cut.
   */
  public record Plain() implements Scaling {
    @Override
    public double frequency(Rotary rotary, int pair) {
      return rotary.frequency(pair);
    }
  }

  /**
   * Position interpolation (Chen et al., arXiv 2306.15595): all frequencies divided by a factor.
   */
  public record Linear(double factor) implements Scaling {
    @Override
    public double frequency(Rotary rotary, int pair) {
      return rotary.frequency(pair) / factor;
    }
  }

  /**
   * The scaling of Llama 3.1: low frequencies are divided by the factor, high ones are kept, and
   * those between are interpolated.
   *
   * @param factor divisor of low frequencies
   * @param lowFactor rotations within {@code originalLength} below which a frequency is low
   * @param highFactor rotations within {@code originalLength} above which a frequency is high
   * @param originalLength training length before the scaling, in tokens
   */
  public record Llama3(double factor, double lowFactor, double highFactor, double originalLength)
      implements Scaling {
    @Override
    public double frequency(Rotary rotary, int pair) {
      double plain = rotary.frequency(pair);
      double rotations = originalLength * plain / (2 * Math.PI);
      double high = Math.max(0, Math.min(1, (rotations - lowFactor) / (highFactor - lowFactor)));
      return (1 - high) * plain / factor + high * plain;
    }
  }

  /**
   * YaRN (Peng et al., arXiv 2309.00071): "NTK-by-parts" interpolation (section 3.2) with a linear
   * ramp over the pairs, and a factor on the attention (section 3.4).
   *
   * @param factor divisor of low frequencies
   * @param betaFast rotations within {@code originalLength} where the ramp begins
   * @param betaSlow rotations within {@code originalLength} where the ramp ends
   * @param originalLength training length before the scaling, in tokens
   * @param truncated whether the ends of the ramp are rounded to whole pairs
   * @param attentionFactor factor of cosine and sine
   */
  public record Yarn(
      double factor,
      double betaFast,
      double betaSlow,
      double originalLength,
      boolean truncated,
      double attentionFactor)
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
      double low = (pair - from) / (to == from ? 0.001 : to - from);
      low = Math.max(0, Math.min(1, low));
      double plain = rotary.frequency(pair);
      return low * plain / factor + (1 - low) * plain;
    }

    /** The pair, as a fraction, that makes this many rotations within {@code originalLength}. */
    private double pairOf(double rotations, Rotary rotary) {
      double logarithm = StrictMath.log(originalLength / (rotations * 2 * Math.PI));
      return rotary.dims() * logarithm / (2 * StrictMath.log(rotary.theta()));
    }
  }

  /** The unscaled frequency of a pair, {@code theta^(-2 pair / dims)}, in radians per token. */
  public double frequency(int pair) {
    return StrictMath.pow(theta, -2.0 * pair / dims);
  }

  /** The pair that a rotated dimension belongs to. */
  public int pair(int dimension) {
    return interleaved ? dimension / 2 : dimension % (dims / 2);
  }

  /** The angle of a rotated dimension at a position, in radians. */
  public double angle(int position, int dimension) {
    return position * scaling.frequency(this, pair(dimension));
  }
}
