package io.lift.model.decoder;

/**
 * The matrix products of a decoder. Those that read the same input and are wanted together are one.
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
