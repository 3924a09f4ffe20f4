package io.lift.model.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Keys and values of tokens that earlier passes have read, in parts. A part may have fewer rows
 * than the pass that attends to it: one prefix serves all rows, and one prompt serves all
 * candidates of its answer. Immutable. The arrays belong to the manager that was given when they
 * were made.
 *
 * @param parts oldest first
 */
public record KeyValueCache(List<Part> parts) {

  /**
   * The tokens of one pass.
   *
   * @param rows R'; each serves R / R' neighbouring rows of a later pass
   * @param length L, tokens per row, padding included
   * @param padding number of padding tokens at the left of each row; null for none
   * @param paddingMask (R', 1, 1, L), added to the attention scores; null for no padding
   * @param keys by layer, (R', K, S, L), already rotated
   * @param values by layer, (R', K, L, S)
   */
  public record Part(
      int rows,
      int length,
      int[] padding,
      NDArray paddingMask,
      List<NDArray> keys,
      List<NDArray> values) {

    /** Tokens of a row, padding excluded. */
    int tokens(int row) {
      return length - (padding == null ? 0 : padding[row]);
    }

    /**
     * The same rows with the tokens of another part appended.
     *
     * @param owner the manager that the new arrays belong to
     * @throws IllegalArgumentException if a part has padding, or if their rows differ in number
     */
    public Part concat(Part next, NDManager owner) {
      if (padding != null || next.padding != null || rows != next.rows) {
        throw new IllegalArgumentException("only rows without padding can be joined");
      }
      List<NDArray> longerKeys = new ArrayList<>();
      List<NDArray> longerValues = new ArrayList<>();
      for (int l = 0; l < keys.size(); l++) {
        longerKeys.add(concat(keys.get(l), next.keys.get(l), 3, owner));
        longerValues.add(concat(values.get(l), next.values.get(l), 2, owner));
      }
      return new Part(rows, length + next.length, null, null, longerKeys, longerValues);
    }

    private static NDArray concat(NDArray a, NDArray b, int axis, NDManager owner) {
      NDArray both = a.concat(b, axis);
      NDScope.unregister(both);
      both.attach(owner);
      return both;
    }

    /** The rows from..to, as views of these. */
    public Part slice(int from, int to) {
      if (from == 0 && to == rows) {
        return this;
      }
      return new Part(
          to - from,
          length,
          padding == null ? null : Arrays.copyOfRange(padding, from, to),
          paddingMask == null ? null : Pass.slice(paddingMask, 0, from, to),
          keys.stream().map(k -> Pass.slice(k, 0, from, to)).toList(),
          values.stream().map(v -> Pass.slice(v, 0, from, to)).toList());
    }
  }

  /** This cache with one more part. */
  public KeyValueCache append(Part part) {
    List<Part> all = new ArrayList<>(parts);
    all.add(part);
    return new KeyValueCache(List.copyOf(all));
  }

  /** The number of cached tokens of one row, padding excluded, in a pass of {@code rows} rows. */
  public int tokensBefore(int row, int rows) {
    int before = 0;
    for (Part part : parts) {
      before += part.tokens((int) ((long) row * part.rows() / rows));
    }
    return before;
  }
}
