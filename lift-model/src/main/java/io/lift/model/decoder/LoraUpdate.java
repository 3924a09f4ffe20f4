package io.lift.model.decoder;

import ai.djl.ndarray.NDArray;

/**
 * A low-rank update of a matrix product: {@code scale * x A B} is added to its result. This is LoRA
 * (Hu et al., arXiv 2106.09685, equation 3) with A and B transposed and scale = alpha / r.
 *
 * @param a (in, r)
 * @param b (r, out)
 * @param scale factor of the product
 * @param dropout probability that an element of x is dropped before A; 0 when not training
 */
public record LoraUpdate(NDArray a, NDArray b, double scale, float dropout) {

  /** An update without dropout. */
  public LoraUpdate(NDArray a, NDArray b, double scale) {
    this(a, b, scale, 0);
  }

  /**
   * The update, in the data type of x.
   *
   * @param x (1, N, in)
   * @return (1, N, out)
   */
  public NDArray apply(NDArray x) {
    NDArray input = x.toType(a.getDataType(), false);
    if (dropout > 0) {
      input = input.getNDArrayInternal().dropout(input, dropout, true).get(0);
    }
    NDArray update = Scalars.times(input.matMul(a), scale).matMul(b);
    return update.toType(x.getDataType(), false);
  }
}
