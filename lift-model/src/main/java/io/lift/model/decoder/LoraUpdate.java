package io.lift.model.decoder;

import ai.djl.ndarray.NDArray;

/**
 * A change of rank r to a matrix product: {@code scale * x A B} is added to its result. (In the
 * notation of the LoRA paper, arXiv 2106.09685, A and B are the transposes of these, and scale is
 * alpha / r.)
 *
 * @param a (in, r)
 * @param b (r, out)
 * @param scale factor of the product
 * @param dropout share of x that the change does not see; 0 when not training
 */
public record LoraUpdate(NDArray a, NDArray b, double scale, float dropout) {

  /** A change that sees all of x. */
  public LoraUpdate(NDArray a, NDArray b, double scale) {
    this(a, b, scale, 0);
  }

  /**
   * The change, in the data type of x.
   *
   * @param x (1, N, in)
   * @return (1, N, out)
   */
  public NDArray apply(NDArray x) {
    NDArray seen = x.toType(a.getDataType(), false);
    if (dropout > 0) {
      seen = seen.getNDArrayInternal().dropout(seen, dropout, true).get(0);
    }
    NDArray change = Scalars.times(seen.matMul(a), scale).matMul(b);
    return change.toType(x.getDataType(), false);
  }
}
