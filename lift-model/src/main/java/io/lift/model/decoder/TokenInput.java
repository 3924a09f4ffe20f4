package io.lift.model.decoder;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * The tokens of one pass. All rows are T long and end together: shorter rows are padded on the
 * left.
 *
 * @param ids (R * T) of int64, row after row; ids of member m are shifted by m * V
 * @param rows R; the rows of M members follow member after member
 * @param length T
 * @param padding number of padding tokens at the left of each row; null for none
 * @param positions position of each token in its sequence, (R * T); null for consecutive positions
 *     after the cached tokens
 * @param mask (R or 1, 1, T, T), added to the attention scores between these tokens, 0 or {@link
 *     Decoder#MASKED}; null for causal attention. It does not cover padding and cached tokens
 * @param groups the adapter and the cached tokens of neighbouring rows; their rows sum to R
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
   * Neighbouring rows that share an adapter and cached tokens.
   *
   * @param rows number of rows
   * @param adapter their adapter; null for the base model alone
   * @param cache the tokens before them; null for none
   */
  public record Group(int rows, Adapter adapter, KeyValueCache cache) {}

  /** Rows from the start of their sequences, without adapter. */
  public static TokenInput of(NDArray ids, int rows, int length, int[] padding) {
    return of(ids, rows, length, padding, null, null);
  }

  /**
   * Rows of M members, the same number for each.
   *
   * @param adapters one per member; empty for the base model alone
   */
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
