package io.lift.model.text;

import java.util.Arrays;

/**
 * Text in tokens.
 *
 * @param ids the tokens
 * @param gridStarts as in {@link Sequence}
 */
record TokenizedText(int[] ids, int[] gridStarts) {

  int length() {
    return ids.length;
  }

  /** Appends these tokens to others. */
  void appendTo(Builder out) {
    for (int i = 0; i < ids.length; i++) {
      out.add(ids[i], gridStarts[i]);
    }
  }

  /** Collects tokens. */
  static final class Builder {
    private int[] ids = new int[64];
    private int[] gridStarts = new int[64];
    private int size;

    /** Appends a token that is not a grid position. */
    void add(int id) {
      add(id, Sequence.NO_GRID);
    }

    /** Appends a token. */
    void add(int id, int gridStart) {
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, 2 * size);
        gridStarts = Arrays.copyOf(gridStarts, 2 * size);
      }
      ids[size] = id;
      gridStarts[size++] = gridStart;
    }

    int length() {
      return size;
    }

    /** Keeps the first tokens only. */
    void truncate(int length) {
      size = length;
    }

    TokenizedText build() {
      return new TokenizedText(Arrays.copyOf(ids, size), Arrays.copyOf(gridStarts, size));
    }
  }
}
