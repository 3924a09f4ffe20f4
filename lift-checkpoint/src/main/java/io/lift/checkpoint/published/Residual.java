package io.lift.checkpoint.published;

/** How a layer's attention and MLP are added to the residual stream, and where its norms are. */
public enum Residual {
  /** A norm before each of the two, one after the other: GPT-2, Llama, Qwen. */
  PRE_NORM,
  /** Both read the same norm and are added together: GPT-J. */
  PARALLEL,
  /** A norm after each sum, and none before the first layer's products: BERT. */
  POST_NORM
}
