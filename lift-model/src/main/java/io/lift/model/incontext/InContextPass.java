package io.lift.model.incontext;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.lift.model.decoder.Decoder;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.decoder.KeyValueCache;
import io.lift.model.decoder.Pass;
import io.lift.model.decoder.TokenInput;
import java.util.Arrays;
import java.util.List;

/**
 * The decoder over rows in context. Each row is one token, the weighted sum of its tokens' vectors.
 * All rows stand at the same place, so their order does not count: labelled rows see one another, a
 * row that asks sees the labelled ones and itself.
 */
public final class InContextPass {
  private InContextPass() {}

  /**
   * Tables whose labelled rows come first and whose asking rows come last.
   *
   * @param weights of one member
   * @param rows (R, T, V) weights of {@link RowTokens}
   * @param mask see {@link #mask}
   * @param asking how many rows of each table ask, A
   * @return (1, R * A, LABELS)
   */
  public static NDArray logits(
      Decoder decoder, DecoderWeights weights, NDArray rows, NDArray mask, int asking) {
    TokenInput tokens = tokens(rows, mask, null);
    Pass pass = decoder.pass(weights, tokens, asking, 0);
    return labels(pass, through(decoder, pass, weights, rows));
  }

  /**
   * Reads labelled rows that others will ask about.
   *
   * @param rows (R, T, V), labelled all
   * @param keeper owns the keys and values
   */
  static KeyValueCache read(
      Decoder decoder, DecoderWeights weights, NDArray rows, NDManager keeper) {
    int length = (int) rows.getShape().get(1);
    NDArray open = rows.getManager().zeros(new Shape(1, 1, length, length));
    Pass pass = decoder.cachingPass(weights, tokens(rows, open, null), 1);
    through(decoder, pass, weights, rows);
    return new KeyValueCache(List.of(pass.cachePart(keeper)));
  }

  /**
   * Asks about rows that were read.
   *
   * @param rows (R, 1, V); each of the cache's rows serves R / R' neighbouring ones
   * @return (1, R, LABELS)
   */
  static NDArray logits(
      Decoder decoder, DecoderWeights weights, NDArray rows, KeyValueCache cache) {
    Pass pass = decoder.pass(weights, tokens(rows, null, cache), 1, 0);
    return labels(pass, through(decoder, pass, weights, rows));
  }

  /**
   * What rows see, (1, 1, T, T).
   *
   * @param labelled rows that come first
   * @param asking rows after them
   */
  public static NDArray mask(NDManager manager, int labelled, int asking) {
    int length = labelled + asking;
    float[] mask = new float[length * length];
    for (int row = 0; row < length; row++) {
      Arrays.fill(mask, row * length + labelled, (row + 1) * length, Decoder.MASKED);
      mask[row * length + row] = 0;
    }
    return manager.create(mask, new Shape(1, 1, length, length));
  }

  private static TokenInput tokens(NDArray rows, NDArray mask, KeyValueCache cache) {
    int count = (int) rows.getShape().get(0);
    int length = (int) rows.getShape().get(1);
    NDArray none = rows.getManager().zeros(new Shape(1), DataType.INT64); // sums are no single ids
    TokenInput.Group group = new TokenInput.Group(count, null, cache);
    return new TokenInput(none, count, length, null, new int[count * length], mask, List.of(group));
  }

  private static NDArray through(Decoder decoder, Pass pass, DecoderWeights weights, NDArray rows) {
    NDArray x = rows.reshape(1, -1, rows.getShape().get(2)).matMul(weights.embedding());
    for (int l = 0; l < decoder.config().layers(); l++) {
      x = pass.layer(l, x);
    }
    return x;
  }

  private static NDArray labels(Pass pass, NDArray x) {
    return pass.logits(x).split(new long[] {RowTokens.LABELS}, 2).get(0);
  }
}
