package io.lift.model.decoder;

import io.lift.model.decoder.ParameterLayout.Entry;
import java.util.Arrays;
import java.util.List;

/** Named tensors side by side in one flat vector, P numbers long. */
public interface FlatLayout {

  /** The tensors, in the order of the vector and without gaps. */
  List<Entry> entries();

  /** Length of the vector, P. */
  int size();

  /** One weight per parameter: {@code decay} for matrices, 0 for norms; length P. */
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
