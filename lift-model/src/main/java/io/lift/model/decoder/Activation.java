package io.lift.model.decoder;

import ai.djl.ndarray.NDArray;

/** The non-linear function inside an MLP. */
public enum Activation {
  /** x * sigmoid(x). */
  SILU {
    @Override
    NDArray apply(NDArray x) {
      return x.mul(x.getNDArrayInternal().sigmoid());
    }
  },
  /** {@code x * P(Z < x)}, with Z standard normal. */
  GELU {
    @Override
    NDArray apply(NDArray x) {
      return x.getNDArrayInternal().gelu();
    }
  },
  /** GELU by its hyperbolic tangent, 0.5 (1 + tanh u) = sigmoid(2 u): what GPT-2 calls gelu_new. */
  GELU_TANH {
    @Override
    NDArray apply(NDArray x) {
      NDArray inner = Scalars.times(x.mul(x), 2 * ROOT * 0.044715).add(2 * ROOT).mul(x);
      return x.mul(inner.getNDArrayInternal().sigmoid());
    }
  },
  /** max(x, 0). */
  RELU {
    @Override
    NDArray apply(NDArray x) {
      return x.getNDArrayInternal().relu();
    }
  };

  private static final double ROOT = Math.sqrt(2 / Math.PI);

  abstract NDArray apply(NDArray x);
}
