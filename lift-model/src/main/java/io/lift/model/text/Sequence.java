package io.lift.model.text;

import java.util.Arrays;
import java.util.List;

/**
 * A prompt and its completion in tokens.
 *
 * @param ids the tokens of the prompt, then those of the completion
 * @param gridStarts for each token that is a grid position, to which training may add noise: the
 *     token of position 0 of the same grid; {@link #NO_GRID} for all other tokens
 * @param completion number of tokens in the completion, at least 1
 * @param hasEndMark whether the last token is the end mark
 * @param texts of the row's text columns, where they have no tokens of their own
 */
public record Sequence(
    int[] ids, int[] gridStarts, int completion, boolean hasEndMark, List<String> texts) {
  /** The grid start of a token that is not a grid position. */
  public static final int NO_GRID = -1;

  /** A row whose columns all have tokens. */
  public Sequence(int[] ids, int[] gridStarts, int completion, boolean hasEndMark) {
    this(ids, gridStarts, completion, hasEndMark, List.of());
  }

  /** The number of tokens. */
  public int length() {
    return ids.length;
  }

  /** The last token: the answer, if answers are one token without end mark. */
  public int last() {
    return ids[ids.length - 1];
  }

  /**
   * A sequence without grid positions.
   *
   * @param end the tokens of the end mark, or none
   */
  public static Sequence of(int[] prompt, int[] answer, int[] end) {
    int[] ids = Arrays.copyOf(prompt, prompt.length + answer.length + end.length);
    System.arraycopy(answer, 0, ids, prompt.length, answer.length);
    System.arraycopy(end, 0, ids, prompt.length + answer.length, end.length);
    return new Sequence(ids, noGrid(ids.length), answer.length + end.length, end.length > 0);
  }

  /** The grid starts of {@code length} tokens without a grid position. */
  public static int[] noGrid(int length) {
    int[] gridStarts = new int[length];
    Arrays.fill(gridStarts, NO_GRID);
    return gridStarts;
  }
}
