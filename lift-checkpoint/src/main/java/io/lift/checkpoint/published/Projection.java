package io.lift.checkpoint.published;

/**
 * The matrix products of a decoder, with the shapes of their weights. Products that read the same
 * input for the same positions are fused into one.
 */
public enum Projection {
  /** (D, H * S). */
  QUERY,
  /** (D, 2 * K * S): all keys, then all values. */
  KEY_VALUE,
  /** (H * S, D). */
  OUTPUT,
  /** (D, 2 * I), gate before up; (D, I) where the MLP has no gate. */
  UP,
  /** (I, D). */
  DOWN,
  /** (D, V). */
  HEAD
}
