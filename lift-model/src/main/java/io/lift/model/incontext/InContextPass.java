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
 * All rows have the same position, so their order has no effect. Labelled rows attend to one
 * another. A query attends to the labelled rows and to itself.
 */
public final class InContextPass {
  private InContextPass() {}

  /**
   * Tables whose labelled rows come first and whose queries come last.
   *
   * @param weights of one member
   * @param rows (R, T, V) weights of {@link RowTokens}
   * @param mask see {@link #mask}
   * @param queries how many rows of each table are queries, Q
   * @return (1, R * Q, LABELS)
   */
  public static NDArray logits(
      Decoder decoder, DecoderWeights weights, NDArray rows, NDArray mask, int queries) {
    TokenInput tokens = tokens(rows, mask, null);
    Pass pass = decoder.pass(weights, tokens, queries, 0);
    return labelLogits(pass, layers(decoder, pass, weights, rows));
  }

  /**
   * Reads labelled rows for later queries.
   *
   * @param rows (R, T, V), all labelled
   * @param owner of the keys and values
   */
  static KeyValueCache read(
      Decoder decoder, DecoderWeights weights, NDArray rows, NDManager owner) {
    int length = (int) rows.getShape().get(1);
    NDArray unmasked = rows.getManager().zeros(new Shape(1, 1, length, length));
    Pass pass = decoder.cachingPass(weights, tokens(rows, unmasked, null), 1);
    layers(decoder, pass, weights, rows);
    return new KeyValueCache(List.of(pass.cachePart(owner)));
  }

  /**
   * Queries after labelled rows that were read before.
   *
   * @param rows (R, 1, V); each of the cache's R' rows serves R / R' neighbouring ones
   * @return (1, R, LABELS)
   */
  static NDArray logits(
      Decoder decoder, DecoderWeights weights, NDArray rows, KeyValueCache cache) {
    Pass pass = decoder.pass(weights, tokens(rows, null, cache), 1, 0);
    return labelLogits(pass, layers(decoder, pass, weights, rows));
  }

  /**
   * The attention mask, (1, 1, T, T).
   *
   * @param labelled rows that come first
   * @param queries rows after them
   */
  public static NDArray mask(NDManager manager, int labelled, int queries) {
    int length = labelled + queries;
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

  private static NDArray layers(Decoder decoder, Pass pass, DecoderWeights weights, NDArray rows) {
    NDArray x = rows.reshape(1, -1, rows.getShape().get(2)).matMul(weights.embedding());
    for (int l = 0; l < decoder.config().layers(); l++) {
      x = pass.layer(l, x);
    }
    return x;
  }

  private static NDArray labelLogits(Pass pass, NDArray x) {
    return pass.logits(x).split(new long[] {RowTokens.LABELS}, 2).get(0);
  }
}
