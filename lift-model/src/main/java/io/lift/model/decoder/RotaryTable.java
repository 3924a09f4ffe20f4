package io.lift.model.decoder;

import ai.djl.ndarray.NDArray;

/**
 * The cosines and sines of rotary positions ({@link io.lift.checkpoint.published.Rotary}), one row
 * per position.
 *
 * @param cos (T, 1, S) or (R, T, 1, S), 1 in dimensions that are not rotated
 * @param sin the same shape, 0 in dimensions that are not rotated
 * @param queryCos cos / sqrt(S): the scale of the attention is applied with the queries' rotation
 * @param querySin sin / sqrt(S)
 */
record RotaryTable(NDArray cos, NDArray sin, NDArray queryCos, NDArray querySin) {

  /** The positions 0 to length - 1 of a longer table. */
  RotaryTable first(int length) {
    return new RotaryTable(
        Pass.slice(cos, 0, 0, length),
        Pass.slice(sin, 0, 0, length),
        Pass.slice(queryCos, 0, 0, length),
        Pass.slice(querySin, 0, 0, length));
  }

  /**
   * The rows of this table at given positions.
   *
   * @param positions (R * T)
   * @param length T
   * @return arrays of shape (R, T, 1, S)
   */
  RotaryTable at(NDArray positions, int length) {
    return new RotaryTable(
        at(cos, positions, length),
        at(sin, positions, length),
        at(queryCos, positions, length),
        at(querySin, positions, length));
  }

  private static NDArray at(NDArray table, NDArray positions, int length) {
    long size = table.getShape().get(2);
    return Pass.rows(table.reshape(-1, size), positions).reshape(-1, length, 1, size);
  }

  /** The axis of the positions, from the left. */
  int positionAxis() {
    return cos.getShape().dimension() - 3;
  }
}
