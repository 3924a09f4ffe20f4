package io.lift.model.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Keys and values of tokens that were read before, in parts: first the oldest. A part may have
 * fewer rows than those that go on from it: a prefix read once serves all rows, a prompt read once
 * serves all candidates of its answer. Immutable; the arrays belong to the manager that was current
 * when they were made.
 *
 * @param parts from old to new
 */
public record KeyValueCache(List<Part> parts) {

  /**
   * Tokens that were read in one pass.
   *
   * @param rows R'; each serves R / R' neighbouring rows of those that go on from it
   * @param length K, tokens per row, padding included
   * @param padding how many at the left of each row are padding; null for none
   * @param hidden (R', 1, 1, K), what padding adds to the attention; null for no padding
   * @param keys of each layer, (R', heads, S, K), rotated already
   * @param values of each layer, (R', heads, K, S)
   */
  public record Part(
      int rows,
      int length,
      int[] padding,
      NDArray hidden,
      List<NDArray> keys,
      List<NDArray> values) {

    /** Tokens of a row that are not padding. */
    int tokens(int row) {
      return length - (padding == null ? 0 : padding[row]);
    }

    /**
     * The same rows with more tokens behind these; neither part has padding.
     *
     * @param keeper owns the arrays
     */
    public Part followedBy(Part next, NDManager keeper) {
      if (padding != null || next.padding != null || rows != next.rows) {
        throw new IllegalArgumentException("only rows without padding can be joined");
      }
      List<NDArray> longerKeys = new ArrayList<>();
      List<NDArray> longerValues = new ArrayList<>();
      for (int l = 0; l < keys.size(); l++) {
        longerKeys.add(joined(keys.get(l), next.keys.get(l), 3, keeper));
        longerValues.add(joined(values.get(l), next.values.get(l), 2, keeper));
      }
      return new Part(rows, length + next.length, null, null, longerKeys, longerValues);
    }

    private static NDArray joined(NDArray a, NDArray b, int axis, NDManager keeper) {
      NDArray both = a.concat(b, axis);
      NDScope.unregister(both);
      both.attach(keeper);
      return both;
    }

    /** Some rows, as views of these. */
    public Part slice(int from, int to) {
      if (from == 0 && to == rows) {
        return this;
      }
      return new Part(
          to - from,
          length,
          padding == null ? null : Arrays.copyOfRange(padding, from, to),
          hidden == null ? null : Pass.slice(hidden, 0, from, to),
          keys.stream().map(k -> Pass.slice(k, 0, from, to)).toList(),
          values.stream().map(v -> Pass.slice(v, 0, from, to)).toList());
    }
  }

  /** These tokens, then those of the part. */
  public KeyValueCache then(Part part) {
    List<Part> all = new ArrayList<>(parts);
    all.add(part);
    return new KeyValueCache(List.copyOf(all));
  }

  /** How many tokens stand before row r of R. */
  public int before(int r, int rows) {
    int before = 0;
    for (Part part : parts) {
      before += part.tokens((int) ((long) r * part.rows() / rows));
    }
    return before;
  }
}
