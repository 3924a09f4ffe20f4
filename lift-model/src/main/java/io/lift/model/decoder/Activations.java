package io.lift.model.decoder;

import ai.djl.ndarray.NDArray;
import io.lift.checkpoint.published.Activation;

/** The engine's side of {@link Activation}. */
final class Activations {
  private static final double ROOT = Math.sqrt(2 / Math.PI);

  private Activations() {}

  /** The function, element by element. */
  static NDArray apply(Activation activation, NDArray x) {
    return switch (activation) {
      case SILU -> x.mul(x.getNDArrayInternal().sigmoid());
      case GELU -> x.getNDArrayInternal().gelu();
      case GELU_TANH -> geluTanh(x);
      case RELU -> x.getNDArrayInternal().relu();
    };
  }

  /** With 0.5 (1 + tanh u) = sigmoid(2 u). */
  private static NDArray geluTanh(NDArray x) {
    NDArray inner = Scalars.times(x.mul(x), 2 * ROOT * 0.044715).add(2 * ROOT).mul(x);
    return x.mul(inner.getNDArrayInternal().sigmoid());
  }
}
