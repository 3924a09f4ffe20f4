package io.lift.model.encoder;

import ai.djl.ndarray.NDManager;
import io.lift.model.decoder.Adapter;
import io.lift.model.decoder.TokenInput;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Texts of like length that go through one pass of an encoder.
 *
 * @param rows their indices among all texts
 * @param tokens of these texts
 * @param length of the longest one, T
 */
public record TextBatch(int[] rows, int[][] tokens, int length) {
  /** Tokens of one pass, padding included, so that its arrays stay in the processor's caches. */
  private static final int PASS_TOKENS = 2048;

  /** Divides texts into batches. */
  public static List<TextBatch> of(int[][] ids) {
    int[] order =
        IntStream.range(0, ids.length)
            .boxed()
            .sorted(Comparator.comparingInt(i -> ids[i].length))
            .mapToInt(Integer::intValue)
            .toArray();
    List<TextBatch> batches = new ArrayList<>();
    int from = 0;
    while (from < order.length) {
      int to = from + 1;
      while (to < order.length && (to + 1 - from) * ids[order[to]].length <= PASS_TOKENS) {
        to++;
      }
      int[] rows = IntStream.range(from, to).map(i -> order[i]).toArray();
      int[][] tokens = IntStream.of(rows).mapToObj(r -> ids[r]).toArray(int[][]::new);
      batches.add(new TextBatch(rows, tokens, tokens[tokens.length - 1].length));
      from = to;
    }
    return batches;
  }

  /**
   * The input of a pass.
   *
   * @param manager owns its arrays
   * @param adapters one for all texts; none for the weights alone
   */
  public TokenInput input(NDManager manager, List<Adapter> adapters) {
    long[] ids = new long[tokens.length * length];
    int[] padding = new int[tokens.length];
    boolean padded = false;
    for (int r = 0; r < tokens.length; r++) {
      padding[r] = length - tokens[r].length;
      padded |= padding[r] > 0;
      for (int t = 0; t < tokens[r].length; t++) {
        ids[r * length + padding[r] + t] = tokens[r][t];
      }
    }
    return TokenInput.of(
        manager.create(ids), tokens.length, length, padded ? padding : null, adapters);
  }
}
