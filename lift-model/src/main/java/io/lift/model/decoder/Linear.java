package io.lift.model.decoder;

import ai.djl.ndarray.NDArray;

/**
 * A linear layer of M members at once.
 *
 * @param weight (M, in, out)
 * @param bias (M, 1, out), or null
 */
public record Linear(NDArray weight, NDArray bias) {

  /**
   * {@code x W + b}.
   *
   * @param x (M, N, in)
   * @return (M, N, out)
   */
  public NDArray apply(NDArray x) {
    NDArray product = x.matMul(weight);
    return bias == null ? product : product.add(bias);
  }
}
