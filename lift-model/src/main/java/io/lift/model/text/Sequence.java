package io.lift.model.text;

import java.util.Arrays;

/**
 * A prompt and its completion in tokens.
 *
 * @param ids prompt, then completion
 * @param zeros for a token that is a place on a grid, which training may move: the token of place 0
 *     of the same grid; {@link #FIXED} for all others
 * @param completion how many tokens at the end are completion, at least 1
 * @param marked whether the last token is the end mark
 */
public record Sequence(int[] ids, int[] zeros, int completion, boolean marked) {
  /** A token that is no place on a grid. */
  public static final int FIXED = -1;

  public int length() {
    return ids.length;
  }

  /** The last token, which is the answer where answers are one token. */
  public int last() {
    return ids[ids.length - 1];
  }

  /**
   * Text without places on a grid.
   *
   * @param end the end mark, or nothing
   */
  public static Sequence of(int[] prompt, int[] answer, int[] end) {
    int[] ids = Arrays.copyOf(prompt, prompt.length + answer.length + end.length);
    System.arraycopy(answer, 0, ids, prompt.length, answer.length);
    System.arraycopy(end, 0, ids, prompt.length + answer.length, end.length);
    return new Sequence(ids, fixed(ids.length), answer.length + end.length, end.length > 0);
  }

  /** Zeros of so many tokens of which none is a place. */
  public static int[] fixed(int length) {
    int[] zeros = new int[length];
    Arrays.fill(zeros, FIXED);
    return zeros;
  }
}
