package io.lift.model.random;

import java.util.SplittableRandom;

/**
 * Random numbers that are a function of a seed and a path of numbers, such as (stream, member,
 * step). A restart needs no stored state to continue with the same numbers.
 */
public final class SeededRandom {
  private final SplittableRandom source;

  public SeededRandom(long seed, long... path) {
    this.source = new SplittableRandom(mix(seed, path));
  }

  /** A 64-bit hash of a seed and a path. */
  public static long mix(long seed, long... path) {
    long hash = finish(seed);
    for (long p : path) {
      hash = finish(hash ^ finish(p + 0x9E3779B97F4A7C15L));
    }
    return hash;
  }

  private static long finish(long z) { // the finalizer of MurmurHash3
    z = (z ^ (z >>> 33)) * 0xff51afd7ed558ccdL;
    z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return z ^ (z >>> 33);
  }

  /** A uniform number in [0, 1). */
  public double uniform() {
    return (source.nextLong() >>> 11) * 0x1.0p-53;
  }

  /** A standard normal number (Box and Muller 1958). */
  public double gaussian() {
    double radius = Math.sqrt(-2 * StrictMath.log(1 - uniform()));
    return radius * StrictMath.cos(2 * Math.PI * uniform());
  }

  /** A random permutation of the numbers 0..n-1. */
  public int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = (int) (uniform() * (i + 1));
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** Shuffles in place. */
  public void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = (int) (uniform() * (i + 1));
      int kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
  }
}
