package io.lift.model.decoder;

import ai.djl.ndarray.NDArray;

/**
 * Numbers as operands of products and powers that a gradient passes through. DJL's own {@code
 * mul(Number)} and {@code pow(Number)} hand the engine memory of a Java buffer and let go of it at
 * once; backward reads it again, perhaps after a garbage collection. These are the engine's own.
 */
public final class Scalars {
  private Scalars() {}

  /** x times a number. */
  public static NDArray times(NDArray x, double number) {
    return x.mul(own(x, number));
  }

  /** x to a power. */
  public static NDArray power(NDArray x, double exponent) {
    return x.pow(own(x, exponent));
  }

  private static NDArray own(NDArray like, double number) {
    try (NDArray view = like.getManager().create((float) number)) {
      return view.duplicate();
    }
  }
}
