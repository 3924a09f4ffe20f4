package io.lift.model;

import io.lift.checkpoint.Safetensors;
import io.lift.model.text.Sequence;
import java.util.Map;

/** The rows that the reference was trained on, as it left them. */
public final class ReferenceRows {
  private ReferenceRows() {}

  /**
   * One batch.
   *
   * @param expected with {@code tokens} (batches, rows, longest; -1 behind a row's end) and {@code
   *     completions} (batches, rows)
   */
  public static Sequence[] batch(Map<String, Safetensors.Tensor> expected, int b) {
    Safetensors.Tensor tokens = expected.get("tokens");
    int rows = (int) tokens.shape()[1];
    int longest = (int) tokens.shape()[2];
    Sequence[] batch = new Sequence[rows];
    for (int r = 0; r < rows; r++) {
      int from = (b * rows + r) * longest;
      int length = 0;
      while (length < longest && tokens.data()[from + length] >= 0) {
        length++;
      }
      int[] ids = new int[length];
      for (int t = 0; t < length; t++) {
        ids[t] = (int) tokens.data()[from + t];
      }
      int completion = (int) expected.get("completions").data()[b * rows + r];
      batch[r] = new Sequence(ids, Sequence.noGrid(length), completion, false);
    }
    return batch;
  }
}
