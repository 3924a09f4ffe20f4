package io.lift.model.decoder;

import io.lift.model.decoder.ParameterLayout.Entry;
import java.util.Arrays;
import java.util.List;

/** The layout of named tensors in one flat vector of P numbers. */
public interface FlatLayout {

  /** The tensors, in the order of the vector and without gaps. */
  List<Entry> entries();

  /** Length of the vector, P. */
  int size();

  /** The weight decay of each parameter, length P: {@code decay} for matrices, 0 for norms. */
  default float[] decay(double decay) {
    float[] each = new float[size()];
    for (Entry e : entries()) {
      if (e.shape().length > 1) {
        Arrays.fill(each, e.offset(), e.offset() + e.length(), (float) decay);
      }
    }
    return each;
  }
}
