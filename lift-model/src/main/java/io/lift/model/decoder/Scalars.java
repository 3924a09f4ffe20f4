package io.lift.model.decoder;

import ai.djl.ndarray.NDArray;

/**
 * Products and powers with a plain number, safe for backpropagation. DJL's own {@code mul(Number)}
 * and {@code pow(Number)} give the engine the memory of a Java buffer and release it at once.
 * Backward reads it again, possibly after a garbage collection. Here the engine owns the memory.
 */
public final class Scalars {
  private Scalars() {}

  /** {@code x * number}. */
  public static NDArray times(NDArray x, double number) {
    return x.mul(engineScalar(x, number));
  }

  /** {@code x ^ exponent}. */
  public static NDArray power(NDArray x, double exponent) {
    return x.pow(engineScalar(x, exponent));
  }

  private static NDArray engineScalar(NDArray like, double number) {
    try (NDArray view = like.getManager().create((float) number)) {
      return view.duplicate();
    }
  }
}
