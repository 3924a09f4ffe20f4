package io.lift.model.text;

import java.util.Arrays;

/**
 * Text in tokens.
 *
 * @param ids one per token
 * @param zeros as in {@link Sequence}
 */
record TokenizedText(int[] ids, int[] zeros) {

  int length() {
    return ids.length;
  }

  /** Puts these tokens behind others. */
  void addTo(Builder out) {
    for (int i = 0; i < ids.length; i++) {
      out.add(ids[i], zeros[i]);
    }
  }

  /** Takes one token after the other. */
  static final class Builder {
    private int[] ids = new int[64];
    private int[] zeros = new int[64];
    private int size;

    void add(int id, int zero) {
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, 2 * size);
        zeros = Arrays.copyOf(zeros, 2 * size);
      }
      ids[size] = id;
      zeros[size++] = zero;
    }

    int length() {
      return size;
    }

    /** Forgets all but the first tokens. */
    void cut(int length) {
      size = length;
    }

    TokenizedText tokens() {
      return new TokenizedText(Arrays.copyOf(ids, size), Arrays.copyOf(zeros, size));
    }
  }
}
