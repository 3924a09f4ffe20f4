package io.lift.checkpoint.published;

/** The non-linear function inside an MLP. */
public enum Activation {
  /** {@code x * sigmoid(x)}. */
  SILU,
  /** {@code x * P(Z < x)} with Z standard normal (Hendrycks and Gimpel, arXiv 1606.08415). */
  GELU,
  /**
   * The tanh approximation of GELU, {@code 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))}.
   * GPT-2's configuration calls it {@code gelu_new}.
   */
  GELU_TANH,
  /** {@code max(x, 0)}. */
  RELU
}
