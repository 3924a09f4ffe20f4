package io.lift.model.decoder;

import java.util.List;

/** Named tensors side by side in one flat vector, P numbers long. */
public interface FlatLayout {

  /** The tensors, in the order of the vector and without gaps. */
  List<Entry> entries();

  /** Length of the vector, P. */
  int size();

  /**
   * One tensor.
   *
   * @param name as in the published file
   * @param shape as in the published file; {@code (out, in)} for a matrix
   * @param offset of its first number in the vector
   */
  record Entry(String name, long[] shape, int offset) {
    /** How many numbers it has. */
    public int length() {
      long length = 1;
      for (long dimension : shape) {
        length *= dimension;
      }
      return Math.toIntExact(length);
    }

    /** Matrices decay, norms do not. */
    public boolean decays() {
      return shape.length > 1;
    }
  }

  /** One weight per parameter: {@code decay} for matrices, 0 for norms; length P. */
  default float[] decay(double decay) {
    float[] each = new float[size()];
    for (Entry e : entries()) {
      if (e.decays()) {
        java.util.Arrays.fill(each, e.offset(), e.offset() + e.length(), (float) decay);
      }
    }
    return each;
  }
}
