package io.lift.model.decoder;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * The rows of tokens that one pass reads. All rows are T long and end together: shorter ones are
 * padded on the left.
 *
 * @param ids (rows * T) of int64, row after row; of M members shifted by member * V
 * @param rows R; of M members, member after member
 * @param length T
 * @param padding how many tokens at the left of each row are padding; null for none
 * @param positions place of each token in its sequence, (R * T); null for one after another, behind
 *     what is cached
 * @param mask (R or 1, 1, T, T), what is added to the attention between these tokens, 0 or {@link
 *     Decoder#HIDDEN}; null for causal. Padding and cached tokens are no part of it
 * @param groups which adapter and which cached tokens the rows have; their rows add up to R
 */
public record TokenInput(
    NDArray ids,
    int rows,
    int length,
    int[] padding,
    int[] positions,
    NDArray mask,
    List<Group> groups) {

  /**
   * Neighbouring rows with something in common.
   *
   * @param rows how many
   * @param adapter their adapter; null for the base model alone
   * @param cache the tokens before them; null for none
   */
  public record Group(int rows, Adapter adapter, KeyValueCache cache) {}

  /** Rows from the start of their sequences, without adapter. */
  public static TokenInput of(NDArray ids, int rows, int length, int[] padding) {
    return of(ids, rows, length, padding, null, null);
  }

  /** Rows of M members, as many of each, with an adapter each; without any where there are none. */
  public static TokenInput of(
      NDArray ids, int rows, int length, int[] padding, List<Adapter> adapters) {
    if (adapters.isEmpty()) {
      return of(ids, rows, length, padding);
    }
    int each = rows / adapters.size();
    return new TokenInput(
        ids,
        rows,
        length,
        padding,
        null,
        null,
        adapters.stream().map(adapter -> new Group(each, adapter, null)).toList());
  }

  /** Rows of one group. */
  public static TokenInput of(
      NDArray ids, int rows, int length, int[] padding, Adapter adapter, KeyValueCache cache) {
    return new TokenInput(
        ids, rows, length, padding, null, null, List.of(new Group(rows, adapter, cache)));
  }
}
